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
import { hex, readDer, unsigned, writeDer } from '../asn1.js';
import { parseCertificate, keyHashOf, type Certificate } from '../certificate.js';
import { oids } from '../oids.js';
import { keyInfo } from './extensions.js';
import type { Signer } from './signer.js';

export const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: oids.ecdsaWithSha256 });

/** A certificate serial number: 16 random bytes, the first 0x01 to 0x7F (section 5). */
export function newSerialNumber(random: Uint8Array = randomBytes(16)): Uint8Array {
  if (random.length !== 16) throw new RangeError('a serial number has 16 bytes');
  const serial = Uint8Array.from(random);
  serial[0] = ((serial[0] ?? 0) % 0x7f) + 1;
  return serial;
}

/** Signs a TBSCertificate or TBSCertList and makes sure that the signature holds before anything leaves. */
export function signTbs(tbs: Uint8Array, signer: Signer): ArrayBuffer {
  const signature = signer.sign(tbs);
  if (!verify('sha256', tbs, { key: signer.publicKey, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new AppError('unavailable', 'the signer returned a signature that its own public key does not confirm');
  }
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map((half) => unsigned(hex(half)));
  return Uint8Array.from(writeDer(new ECDSASigValue({ r, s }))).buffer;
}

/** What goes into a certificate; names are DER. */
export interface Intent {
  readonly serialNumber: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
}

/** Builds, signs and reads back a certificate; what comes back must be what was meant, byte for byte. */
export function issue(intent: Intent, signer: Signer): Certificate {
  if (!(intent.notBefore < intent.notAfter)) throw new RangeError('a certificate must end after it begins');
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: unsigned(hex(intent.serialNumber)),
    signature: ecdsaWithSha256,
    issuer: readDer(intent.issuer, Name),
    validity: new Validity(intent),
    subject: readDer(intent.subject, Name),
    subjectPublicKeyInfo: keyInfo(intent.publicKey),
    extensions: new Extensions([...intent.extensions]),
  });
  const tbs = writeDer(tbsCertificate);
  const signatureValue = signTbs(tbs, signer);
  const certificate = parseCertificate(
    writeDer(new CertificateStructure({ tbsCertificate, signatureAlgorithm: ecdsaWithSha256, signatureValue })),
  );
  confirmIssued(certificate, tbs, intent.publicKey);
  return certificate;
}

/** Refuses a certificate that is not the one intended: the TBS must be equal and carry the subject's own key. */
export function confirmIssued(certificate: Certificate, tbs: Uint8Array, publicKey: KeyObject): void {
  if (!Buffer.from(certificate.tbs).equals(tbs) || certificate.keyHash !== keyHashOf(publicKey)) {
    throw new AppError('unavailable', 'the signed certificate differs from the one that was to be signed');
  }
}
