import { importVerificationKey, webCryptoVerifier, type PathJudgement, type TrustStore } from '#label';
import { checkBundle, type OpenBundle, type OpenBundleOptions } from './bundle.js';
import type { Checking, SignatureCheck } from './ecdsa.js';
import { createPaths } from './path.js';
import { buildTrustStore, type TrustData } from './trust-store.js';

/**
 * Verification in a browser, bundled by scripts/web-bundle.mjs: the same code as in Node.js, with WebCrypto, whose
 * answers come later. Needs a secure context (https or localhost), and no network.
 */
export {
  formatTypedCode,
  isLanguage,
  languages,
  parseLabelUri,
  parseTypedCode,
  sentenceFor,
  verdictCodes,
  verifyLabel,
} from '#label';
export { readCertificates, readCrls } from './pem.js';

/** Opens a trust bundle (section 8) or rejects with a clear reason why it can not be used. */
export function openBundle(jws: string, options: OpenBundleOptions): Promise<OpenBundle> {
  return settle(checkBundle(jws, options));
}

/** What a label is verified against, plus the CRL numbers to remember for the next load (section 6). */
export interface CertificateTrustStore extends TrustStore {
  readonly crlNumbers: () => Promise<ReadonlyMap<string, bigint>>;
}

/** A TrustStore over X.509, from a bundle or from loose files. */
export function createTrustStore(data: TrustData): CertificateTrustStore {
  const paths = createPaths(data);
  const judge = (...leaf: Parameters<typeof paths.judge>): Promise<PathJudgement> => settle(paths.judge(...leaf));
  return { ...buildTrustStore(data, { holds, judge }), crlNumbers: () => settle(paths.crlNumbers()) };
}

async function settle<T>(work: Checking<T>): Promise<T> {
  let step = work.next();
  while (step.done !== true) step = work.next(await holds(step.value));
  return step.value;
}

async function holds({ spki, curve, hash, data, signature }: SignatureCheck): Promise<boolean> {
  try {
    return await webCryptoVerifier(await importVerificationKey(spki, curve), hash)(data, signature);
  } catch (error) {
    // A key whose point is not on its curve confirms nothing; anything else is the platform's fault and is told.
    if (error instanceof DOMException && error.name === 'DataError') return false;
    throw error;
  }
}
