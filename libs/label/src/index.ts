/** OVOP-QR-1, the signed label: runs in Node and in a browser. */
export { isAllowedAttribute, isValidAttributeValue } from './ai-table.js';
export { badFormatReasons, type BadFormat, type BadFormatReason } from './bad-format.js';
export {
  assertIssuableSerial,
  assertLabelTemplate,
  buildLabelUri,
  signingInput,
  uriParts,
  type LabelFields,
  type LabelTemplate,
} from './fields.js';
export { allocateGtin, checkDigit, isRestrictedCirculation, isValidGtin, toGtin14 } from './gtin.js';
export { isHost } from './parse-origin.js';
export { LONGEST_URI, parseLabelUri, type ParsedLabel } from './parse.js';
export { findScopeFault, isScopeSubset, type LabelScope, type ScopeFault } from './scope.js';
export { isLanguage, languages, sentenceFor, type Language } from './sentences/index.js';
export {
  checkSymbol,
  formatTypedCode,
  isIssuableSerial,
  isReadableSerial,
  newSerial,
  parseTypedCode,
  SERIAL_ALPHABET,
  type TypedCode,
  type TypedCodeRefusal,
} from './serial.js';
export { dateOf, decodeS, encodeS, iatOf, PROFILE_VERSION, signatureHeader, type LabelSignature } from './signature.js';
export type { BundleInfo, CatalogueEntry, PathJudgement, TrustedCertificate, TrustStore } from './trust.js';
export { verdictCodes, type VerdictCode, type Wording, type Wordings } from './verdict-codes.js';
export { makeVerdict, type Verdict, type VerdictFacts } from './verdict.js';
export { TRUST_LIFETIME_DAYS, verifyLabel, type VerifyOptions } from './verify.js';
export { importVerificationKey, webCryptoVerifier } from './webcrypto.js';
