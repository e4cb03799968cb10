import { randomBytes, verify, type KeyObject } from 'node:crypto';
import { AppError } from '#contracts';
import { parseCertificate, keyHashOf, type Certificate } from '../certificate.js';
import { bitString, element, integer, oid, sequence, time, unsigned } from '../der-write.js';
import { oids } from '../oids.js';
import type { Signer } from './signer.js';

const ECDSA_SHA256 = sequence(oid(oids.ecdsaWithSha256));

/** A certificate serial number: 16 random bytes, the first 0x01 to 0x7F (section 5). */
export function newSerialNumber(random: Uint8Array = randomBytes(16)): Uint8Array {
  if (random.length !== 16) throw new RangeError('a serial number has 16 bytes');
  const serial = Uint8Array.from(random);
  serial[0] = ((serial[0] ?? 0) % 0x7f) + 1;
  return serial;
}

/** r‖s as the SEQUENCE of two INTEGERs that X.509 wants. */
function derSignature(signature: Uint8Array): Uint8Array {
  return sequence(unsigned(signature.subarray(0, 32)), unsigned(signature.subarray(32)));
}

/** Signs a TBSCertificate or TBSCertList and makes sure that the signature holds before anything leaves. */
export function signTbs(tbs: Uint8Array, signer: Signer): Uint8Array {
  const signature = derSignature(signer.sign(tbs));
  if (!verify('sha256', tbs, signer.publicKey, signature)) {
    throw new AppError('unavailable', 'the signer returned a signature that its own public key does not confirm');
  }
  return sequence(tbs, ECDSA_SHA256, bitString(signature));
}

/** What goes into a certificate; names are DER. */
export interface Intent {
  readonly serialNumber: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Uint8Array[];
}

/** Builds, signs and reads back a certificate; what comes back must be what was meant, byte for byte. */
export function issue(intent: Intent, signer: Signer): Certificate {
  if (!(intent.notBefore < intent.notAfter)) throw new RangeError('a certificate must end after it begins');
  const tbs = sequence(
    element(0xa0, integer(2)),
    unsigned(intent.serialNumber),
    ECDSA_SHA256,
    intent.issuer,
    sequence(time(intent.notBefore), time(intent.notAfter)),
    intent.subject,
    intent.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...intent.extensions)),
  );
  const certificate = parseCertificate(signTbs(tbs, signer));
  confirmIssued(certificate, tbs, intent.publicKey);
  return certificate;
}

/** Refuses a certificate that is not the one intended: the TBS must be equal and carry the subject's own key. */
export function confirmIssued(certificate: Certificate, tbs: Uint8Array, publicKey: KeyObject): void {
  if (!Buffer.from(certificate.tbs).equals(tbs) || certificate.keyHash !== keyHashOf(publicKey)) {
    throw new AppError('unavailable', 'the signed certificate differs from the one that was to be signed');
  }
}

export { ECDSA_SHA256 };
