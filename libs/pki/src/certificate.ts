import type { KeyObject } from 'node:crypto';
import { Certificate as CertificateStructure } from '@peculiar/asn1-x509';
import type { LabelScope } from '#label';
import { malformed, mendOids, readDer, serialText, writeDer } from './asn1.js';
import { hex, sha256 } from './bytes.js';
import { readPublicKey, type PublicKey } from './ecdsa.js';
import { decodeExtensions, type CertificateExtensions } from './extensions.js';
import { nameText } from './name-text.js';

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
  readonly publicKey: PublicKey;
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: what a root is pinned by. */
  readonly keyHash: string;
  readonly extensions: CertificateExtensions;
  readonly scope?: LabelScope;
}

/** The key hint of section 2: first 8 bytes of SHA-256 over the DER certificate, 16 hexadecimal digits. */
export function kidOf(der: Uint8Array): string {
  return sha256(der).slice(0, 16);
}

/** SHA-256 of a public key's SubjectPublicKeyInfo: the name by which roots are pinned (section 6). */
export function keyHashOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}

/** Reads a DER certificate (RFC 5280 section 4.1) strictly. Says nothing about whether it can be trusted. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const der = Uint8Array.from(bytes);
  const structure = readDer(der, CertificateStructure, (read) => mendOids(read.tbsCertificate.extensions));
  const { tbsCertificate: tbs, signatureAlgorithm } = structure;
  if (!tbs.signature.isEqual(signatureAlgorithm)) throw malformed('two different signature algorithms');
  const extensions = decodeExtensions(tbs.extensions);
  const fingerprint = sha256(der);
  const publicKey = readPublicKey(tbs.subjectPublicKeyInfo);
  return {
    der,
    fingerprint,
    kid: fingerprint.slice(0, 16),
    tbs: new Uint8Array(structure.tbsCertificateRaw ?? writeDer(tbs)),
    version: Number(tbs.version) + 1,
    serialNumber: serialText(tbs.serialNumber),
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signature: new Uint8Array(structure.signatureValue),
    issuer: hex(writeDer(tbs.issuer)),
    subject: hex(writeDer(tbs.subject)),
    subjectText: nameText(tbs.subject),
    notBefore: tbs.validity.notBefore.getTime(),
    notAfter: tbs.validity.notAfter.getTime(),
    publicKey,
    keyHash: sha256(publicKey.spki),
    extensions,
    ...(extensions.labelScope === undefined ? {} : { scope: extensions.labelScope }),
  };
}
