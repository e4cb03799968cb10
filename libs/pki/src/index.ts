/** The verification half of the PKI: certificates, CRLs, paths, trust bundles. */
export type { OpenBundle, OpenBundleOptions } from './bundle.js';
export { keyHashOf, kidOf, parseCertificate, type Certificate } from './certificate.js';
export { parseCrl, type Crl, type RevokedEntry } from './crl.js';
export type { CertificateExtensions, KeyUsage } from './extensions.js';
export type { DistinguishedName } from './name.js';
export {
  createPathValidator,
  createTrustStore,
  openBundle,
  toKeyObject,
  type CertificateTrustStore,
  type PathValidator,
} from './node.js';
export type { PathMaterial } from './path.js';
export { bundleSigning, labelSigning, type PathFault, type Purpose } from './path-rules.js';
export { readCertificates, readCrls } from './pem.js';
export { oids } from './oids.js';
export { isLostToRevocation, reasonCodes, type RevocationReason } from './revocation.js';
export { decodeLabelScope, encodeLabelScope } from './scope.js';
export type { TrustData } from './trust-store.js';
export { packSerials, unpackSerials, type PackedSerials } from './voids.js';
