import type { Certificate } from './certificate.js';
import type { Checking } from './ecdsa.js';
import { findIssuerFault, findLeafFault, findSignatureFault, type PathFault, type Purpose } from './path-rules.js';

/** A path from leaf to pinned root whose every rule apart from time and revocation holds. */
export type Chain = readonly Certificate[];

export interface Refusal {
  readonly fault: PathFault;
  readonly certificate: Certificate;
}

export interface FoundChains {
  readonly chains: readonly Chain[];
  readonly refusal?: Refusal;
}

/** How many signatures one search may check, so that a heap of same-named certificates can not stall a verifier. */
const PATIENCE = 64;

/**
 * Every sound chain of a leaf. What is found here does not change with time, so it is looked for once per leaf and
 * kept (the hot path then only compares dates). Without a sound chain: the first refusal met.
 */
export function* findChains(
  leaf: Certificate,
  pool: readonly Certificate[],
  anchors: ReadonlySet<string>,
  purpose: Purpose,
): Checking<FoundChains> {
  const wrong = findLeafFault(leaf, purpose);
  if (wrong !== undefined) return { chains: [], refusal: { fault: wrong, certificate: leaf } };
  const chains: Chain[] = [];
  let refusal: Refusal | undefined;
  let patience = PATIENCE;

  const refuse = (fault: PathFault, certificate: Certificate): void => {
    refusal ??= { fault, certificate };
  };
  function* extend(path: Chain, child: Certificate): Checking<void> {
    const issuers = pool.filter((candidate) => candidate.subject === child.issuer && !path.includes(candidate));
    if (issuers.length === 0) refuse(child.issuer === child.subject ? 'anchor-not-pinned' : 'no-issuer', child);
    for (const issuer of issuers) {
      if (patience-- <= 0) return;
      const anchor = anchors.has(issuer.fingerprint);
      const unsigned = yield* findSignatureFault(child, issuer);
      if (unsigned !== undefined) {
        refuse(unsigned, child);
        continue;
      }
      const fault = findIssuerFault(issuer, child, { below: path.length - 1, anchor, purpose });
      if (fault !== undefined) refuse(fault, fault === 'scope-wider' ? child : issuer);
      else if (anchor) chains.push([...path, issuer]);
      else if (path.length + 2 > purpose.longest) refuse(notAnchored(issuer), issuer);
      else yield* extend([...path, issuer], issuer);
    }
  }
  yield* extend([leaf], leaf);
  return refusal === undefined ? { chains } : { chains, refusal };
}

function notAnchored(certificate: Certificate): PathFault {
  return certificate.issuer === certificate.subject ? 'anchor-not-pinned' : 'path-too-long';
}
