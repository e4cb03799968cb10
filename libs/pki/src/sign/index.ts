/** The signing half of the PKI: whoever imports this handles private keys. */
export { createBundle, type BundleContent } from './bundle.js';
export {
  createBundleSigner,
  createCountryCa,
  createLabelSigner,
  createRoot,
  draftBundleSigner,
  draftCountryCa,
  draftLabelSigner,
  draftRoot,
  type AnyAuthority,
  type Authority,
  type LabelSignerRequest,
} from './certificates.js';
export { createCrl, type CrlRequest, type Revocation } from './crl.js';
export { newSerialNumber, signDraft, type Draft } from './issue.js';
export { prepareLabelRun, signLabel, type LabelRun, type PreparedLabel, type SignedLabel } from './label.js';
export { assertLinted, lintTbs } from './lint.js';
export type { LintFault } from './lint-fault.js';
export type { LintProfile } from './lint-profiles.js';
export { assertPassphrase, lockKey, unlockKey } from './passphrase.js';
export { openKey, rewrapKey, sealKey } from './seal.js';
export { fileSigner, type AnySigner, type Signature, type Signer } from './signer.js';
export { Token, TokenFault, type TokenKey, type TokenPlace } from './token.js';
