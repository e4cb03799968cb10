import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { PathJudgement, TrustStore } from '#label';
import { checkBundle, type OpenBundle, type OpenBundleOptions } from './bundle.js';
import type { Certificate } from './certificate.js';
import type { Checking, PublicKey, SignatureCheck } from './ecdsa.js';
import { createPaths, type PathMaterial } from './path.js';
import { labelSigning, type Purpose } from './path-rules.js';
import { buildTrustStore, type TrustData } from './trust-store.js';

/** Verification in Node.js: every answer at once. Its counterpart for browsers is web.ts. */

export interface PathValidator {
  /** Judges a leaf at its issue day, everything above it now (section 6). */
  judge(leaf: Certificate, now: Date, issuedOn: Date): PathJudgement;
  /** By issuer's key hash: the highest number of every CRL that is rightly signed. To be kept for next time. */
  crlNumbers(): ReadonlyMap<string, bigint>;
}

/** What a label is verified against, plus the CRL numbers to remember for the next load (section 6). */
export interface CertificateTrustStore extends TrustStore {
  readonly crlNumbers: () => ReadonlyMap<string, bigint>;
}

/** Opens a trust bundle (section 8) or says clearly why it can not be used. */
export function openBundle(jws: string, options: OpenBundleOptions): OpenBundle {
  return settle(checkBundle(jws, options));
}

/** Path validation by section 6, for labels unless another purpose is given. */
export function createPathValidator(material: PathMaterial, purpose: Purpose = labelSigning): PathValidator {
  const paths = createPaths(material, purpose);
  return {
    judge: (leaf, now, issuedOn) => settle(paths.judge(leaf, now, issuedOn)),
    crlNumbers: () => settle(paths.crlNumbers()),
  };
}

/** A TrustStore over X.509, from a bundle or from loose files. */
export function createTrustStore(data: TrustData): CertificateTrustStore {
  const paths = createPathValidator(data);
  const store = buildTrustStore(data, {
    holds,
    judge: (certificate, now, issuedOn) => paths.judge(certificate, now, issuedOn),
  });
  return { ...store, crlNumbers: () => paths.crlNumbers() };
}

/** A certificate's key for node:crypto; throws where its point is not on its curve. */
export function toKeyObject({ spki }: Pick<PublicKey, 'spki'>): KeyObject {
  const known = keys.get(spki);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  keys.set(spki, key);
  return key;
}

/** A key is read once, however many signatures it confirms. */
const keys = new WeakMap<Uint8Array, KeyObject>();

function settle<T>(work: Checking<T>): T {
  let step = work.next();
  while (step.done !== true) step = work.next(holds(step.value));
  return step.value;
}

function holds(check: SignatureCheck): boolean {
  const key = usableKey(check);
  if (key === undefined) return false;
  return verify(check.hash, check.data, { key, dsaEncoding: 'ieee-p1363' }, check.signature);
}

/** A key that node:crypto refuses confirms nothing. */
function usableKey(check: SignatureCheck): KeyObject | undefined {
  try {
    return toKeyObject(check);
  } catch {
    return undefined;
  }
}
