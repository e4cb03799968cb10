import { randomBytes, verify, type KeyObject } from 'node:crypto';
import { ECDSASigValue } from '@peculiar/asn1-ecc';
import {
  AlgorithmIdentifier,
  Certificate as CertificateStructure,
  Extensions,
  Name,
  TBSCertificate,
  Validity,
  Version,
  type Extension,
} from '@peculiar/asn1-x509';
import { AppError } from '#contracts';
import { readDer, unsigned, writeDer } from '../asn1.js';
import { hex } from '../bytes.js';
import { parseCertificate, keyHashOf, type Certificate } from '../certificate.js';
import { oids } from '../oids.js';
import { keyInfo } from './extensions.js';
import { assertLinted } from './lint.js';
import type { LintProfile } from './lint-profiles.js';
import { afterwards, type Signature, type Signed, type Signer } from './signer.js';

export const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: oids.ecdsaWithSha256 });

/** A certificate serial number: 16 random bytes, the first 0x01 to 0x7F (section 5). */
export function newSerialNumber(random: Uint8Array = randomBytes(16)): Uint8Array {
  if (random.length !== 16) throw new RangeError('a serial number has 16 bytes');
  const serial = Uint8Array.from(random);
  serial[0] = ((serial[0] ?? 0) % 0x7f) + 1;
  return serial;
}

/** Signs a TBSCertificate or TBSCertList; `use` gets the signature only if it holds. */
export function signTbs<S extends Signature, T>(
  tbs: Uint8Array,
  signer: Signer<S>,
  use: (signature: ArrayBuffer) => T,
): Signed<S, T> {
  return afterwards(signer.sign(tbs), (signature) => {
    if (!verify('sha256', tbs, { key: signer.publicKey, dsaEncoding: 'ieee-p1363' }, signature)) {
      throw new AppError('unavailable', 'the signer returned a signature that its own public key does not confirm');
    }
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map((half) => unsigned(hex(half)));
    return use(Uint8Array.from(writeDer(new ECDSASigValue({ r, s }))).buffer);
  });
}

/** What goes into a certificate; names are DER. */
export interface Intent {
  readonly profile: LintProfile;
  /** Absent for the root. */
  readonly authority?: Certificate;
  readonly serialNumber: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
}

/** A certificate that was linted and may be signed. */
export interface Draft {
  readonly profile: LintProfile;
  readonly structure: TBSCertificate;
  /** The TBSCertificate in DER: the very bytes that are signed. */
  readonly tbs: Uint8Array;
  readonly publicKey: KeyObject;
}

/** Certificates are written without fractions of a second (RFC 5280 section 4.1.2.5). */
const wholeSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

/**
 * Builds the certificate to be signed and lints it.
 * @throws {AppError} `invalid` naming every rule of the profile that it would break
 */
export function draftCertificate(intent: Intent): Draft {
  const [notBefore, notAfter] = [wholeSecond(intent.notBefore), wholeSecond(intent.notAfter)];
  if (!(notBefore < notAfter)) throw new RangeError('a certificate must end after it begins');
  const structure = new TBSCertificate({
    version: Version.v3,
    serialNumber: unsigned(hex(intent.serialNumber)),
    signature: ecdsaWithSha256,
    issuer: readDer(intent.issuer, Name),
    validity: new Validity({ notBefore, notAfter }),
    subject: readDer(intent.subject, Name),
    subjectPublicKeyInfo: keyInfo(intent.publicKey),
    extensions: new Extensions([...intent.extensions]),
  });
  const tbs = writeDer(structure);
  assertLinted(tbs, intent.profile, intent.authority);
  return { profile: intent.profile, structure, tbs, publicKey: intent.publicKey };
}

/** Signs a draft and reads the certificate back; what comes back must be what was meant, byte for byte. */
export function signDraft<S extends Signature>(draft: Draft, signer: Signer<S>): Signed<S, Certificate> {
  const { tbs, structure: tbsCertificate } = draft;
  return signTbs(tbs, signer, (signatureValue) => {
    const certificate = parseCertificate(
      writeDer(new CertificateStructure({ tbsCertificate, signatureAlgorithm: ecdsaWithSha256, signatureValue })),
    );
    confirmIssued(certificate, tbs, draft.publicKey);
    return certificate;
  });
}

/** Refuses a certificate that is not the one intended: the TBS must be equal and carry the subject's own key. */
export function confirmIssued(certificate: Certificate, tbs: Uint8Array, publicKey: KeyObject): void {
  if (!Buffer.from(certificate.tbs).equals(tbs) || certificate.keyHash !== keyHashOf(publicKey)) {
    throw new AppError('unavailable', 'the signed certificate differs from the one that was to be signed');
  }
}
