import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { LabelScope } from '#label';
import { AppError } from '#contracts';
import { children, expectTag, malformed, readBitString, readInteger, readOid, readOne, readTime, tags } from './der.js';
import { decodeExtensions, type CertificateExtensions } from './extensions.js';
import { nameText } from './name.js';

/** A certificate as read: raw slices for what is compared or hashed, values for what is judged. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of the DER, hexadecimal. */
  readonly fingerprint: string;
  /** Section 2: the first 8 bytes of the fingerprint. */
  readonly kid: string;
  readonly tbs: Uint8Array;
  readonly version: number;
  /** Lower-case hexadecimal without leading zeros. */
  readonly serialNumber: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** Issuer and subject as encoded, hexadecimal, for comparison. */
  readonly issuer: string;
  readonly subject: string;
  readonly subjectText: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: what a root is pinned by. */
  readonly keyHash: string;
  readonly extensions: CertificateExtensions;
  readonly scope?: LabelScope;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The key hint of section 2: first 8 bytes of SHA-256 over the DER certificate, 16 hexadecimal digits. */
export function kidOf(der: Uint8Array): string {
  return sha256(der).slice(0, 16);
}

/** SHA-256 of a public key's SubjectPublicKeyInfo: the name by which roots are pinned (section 6). */
export function keyHashOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}

const [VERSION_TAG, ISSUER_ID_TAG, SUBJECT_ID_TAG, EXTENSIONS_TAG] = [0xa0, 0x81, 0x82, 0xa3];

/** Reads a DER certificate (RFC 5280 section 4.1) strictly. Says nothing about whether it can be trusted. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const der = Uint8Array.from(bytes);
  const [tbs, outer, signature, ...more] = children(readOne(der, tags.sequence));
  const fields = children(expectTag(tbs, tags.sequence));
  const version = fields[0]?.tag === VERSION_TAG ? Number(readInteger(readOne(fields.shift()?.value ?? der))) + 1 : 1;
  const [serial, inner, issuer, validity, subject, spki, ...tail] = fields;
  if (more.length > 0 || tbs === undefined || outer === undefined || issuer === undefined || subject === undefined) {
    throw malformed('not a certificate');
  }
  if (inner === undefined || hex(inner.raw) !== hex(outer.raw)) throw malformed('two different signature algorithms');
  const optional = tail.filter(({ tag }) => tag !== ISSUER_ID_TAG && tag !== SUBJECT_ID_TAG);
  if (optional.length > 1) throw malformed('unknown fields in a certificate');
  const extensions = decodeExtensions(
    optional[0] === undefined ? [] : children(readOne(expectTag(optional[0], EXTENSIONS_TAG).value, tags.sequence)),
  );
  const [notBefore, notAfter] = children(expectTag(validity, tags.sequence));
  const fingerprint = sha256(der);
  const keyDer = expectTag(spki, tags.sequence).raw;
  return {
    der,
    fingerprint,
    kid: fingerprint.slice(0, 16),
    tbs: tbs.raw,
    version,
    serialNumber: readInteger(serial).toString(16),
    signatureAlgorithm: readOid(children(outer)[0]),
    signature: readBitString(signature),
    issuer: hex(issuer.raw),
    subject: hex(subject.raw),
    subjectText: nameText(subject),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    publicKey: publicKeyOf(keyDer),
    keyHash: sha256(keyDer),
    extensions,
    ...(extensions.labelScope === undefined ? {} : { scope: extensions.labelScope }),
  };
}

function publicKeyOf(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw new AppError('invalid', 'the certificate holds no usable public key', [], error);
  }
}
