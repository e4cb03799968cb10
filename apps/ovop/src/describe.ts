import { X509Certificate } from 'node:crypto';
import type { Certificate, Crl } from '#pki';

/** What a person wants to read of a certificate, a CRL or a trust bundle, as plain values. */

const day = 86_400_000;
/** More revoked certificates than this are counted and not listed. */
const listed = 100;

/** Names in the order of the encoding, validity, and the two hashes that are read aloud. */
export function describeCertificate(certificate: Certificate) {
  const { basicConstraints: basic, keyUsage = [], extendedKeyUsage, privateKeyUsagePeriod } = certificate.extensions;
  return {
    type: 'certificate',
    subject: certificate.subjectText,
    issuer: new X509Certificate(certificate.der).issuer.split('\n').join(', '),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    kid: certificate.kid,
    sha256: certificate.fingerprint,
    publicKeySha256: certificate.keyHash,
    curve: certificate.publicKey.curve,
    ca: basic?.ca ?? false,
    ...(basic?.pathLength === undefined ? {} : { pathLength: basic.pathLength }),
    keyUsage: [...keyUsage],
    ...(extendedKeyUsage === undefined ? {} : { extendedKeyUsage }),
    ...(privateKeyUsagePeriod?.notAfter === undefined
      ? {}
      : { signingUntil: privateKeyUsagePeriod.notAfter.toISOString() }),
    ...(certificate.scope === undefined ? {} : { scope: certificate.scope }),
  };
}

/** Number and dates of a CRL, and what it revokes. */
export function describeCrl(crl: Crl) {
  const entries = [...crl.revoked].map(([serialNumber, { revokedAt, reason }]) => ({
    ...{ serialNumber, revokedAt: revokedAt.toISOString(), reason },
  }));
  return {
    type: 'crl',
    issuer: crl.issuerText,
    number: crl.number === undefined ? null : String(crl.number),
    thisUpdate: crl.thisUpdate.toISOString(),
    nextUpdate: crl.nextUpdate?.toISOString() ?? null,
    revoked: entries.length,
    entries: entries.slice(0, listed),
  };
}

/** Whole days between two moments, rounded down. */
export const daysBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / day);

/** Nested values as indented `name: value` lines. */
export function toLines(value: object, indent = ''): string {
  let text = '';
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'object' || content === null) text += `${indent}${name}: ${content ?? 'none'}\n`;
    else if (!Array.isArray(content)) text += `${indent}${name}:\n${toLines(content, `${indent}  `)}`;
    else if (content.every((item) => typeof item !== 'object')) text += `${indent}${name}: ${content.join(', ')}\n`;
    else for (const item of content) text += `${indent}${name}:\n${toLines(item, `${indent}  `)}`;
  }
  return text;
}
