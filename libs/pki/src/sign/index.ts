/** The signing half of the PKI: whoever imports this handles private keys. */
export { createBundle, type BundleContent } from './bundle.js';
export {
  createBundleSigner,
  createCountryCa,
  createLabelSigner,
  createRoot,
  type Authority,
  type LabelSignerRequest,
} from './certificates.js';
export { createCrl, type CrlRequest, type Revocation } from './crl.js';
export { newSerialNumber } from './issue.js';
export { prepareLabelRun, signLabel, type LabelRun, type PreparedLabel, type SignedLabel } from './label.js';
export { openKey, rewrapKey, sealKey } from './seal.js';
export { fileSigner, type Signer } from './signer.js';
