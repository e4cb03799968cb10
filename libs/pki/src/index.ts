/** The verification half of the PKI: certificates, CRLs, paths, trust bundles. */
export { keyHashOf, kidOf, parseCertificate, type Certificate } from './certificate.js';
export { parseCrl, type Crl, type RevokedEntry } from './crl.js';
export type { CertificateExtensions, KeyUsage } from './extensions.js';
export type { DistinguishedName } from './name.js';
export { oids } from './oids.js';
export { isLostToRevocation, reasonCodes, type RevocationReason } from './revocation.js';
export { decodeLabelScope, encodeLabelScope } from './scope.js';
