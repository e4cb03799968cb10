import type { PathJudgement } from '#label';
import type { Certificate } from './certificate.js';
import type { Crl } from './crl.js';
import type { Checking } from './ecdsa.js';
import { findChains, type Chain, type FoundChains } from './path-chains.js';
import { chooseCrl, findCrlTimeFault, type CrlChoice } from './path-crl.js';
import { labelSigning, type PathFault, type Purpose } from './path-rules.js';
import { isLostToRevocation } from './revocation.js';

/** What paths are built from. */
export interface PathMaterial {
  readonly roots: readonly Certificate[];
  /** Intermediate certificates, in any order; leaves among them do no harm. */
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Crl[];
  /** Key hashes by which roots are pinned; absent: every one of `roots` is. */
  readonly pinnedKeys?: ReadonlySet<string>;
  /** By the issuer's key hash: the highest CRL number seen so far. A lower one is refused. */
  readonly minimumCrlNumbers?: ReadonlyMap<string, bigint>;
}

export interface Paths {
  /** Judges a leaf at its issue day, everything above it now (section 6). */
  judge(leaf: Certificate, now: Date, issuedOn: Date): Checking<PathJudgement>;
  /** By issuer's key hash: the highest number of every CRL that is rightly signed. To be kept for next time. */
  crlNumbers(): Checking<ReadonlyMap<string, bigint>>;
}

const DAY = 86_400_000;

/**
 * RFC 5280 section 6.1, reduced as section 6 of the label profile says. Signatures and constraints are judged once
 * per leaf and kept; dates, CRL periods and revocations are judged on every call, so that answers stay right as
 * time passes.
 */
export function createPaths(material: PathMaterial, purpose: Purpose = labelSigning): Paths {
  const { roots, certificates, crls, pinnedKeys, minimumCrlNumbers } = material;
  const pinned = roots.filter(({ keyHash }) => pinnedKeys === undefined || pinnedKeys.has(keyHash));
  const anchors = new Set(pinned.map(({ fingerprint }) => fingerprint));
  const pool = [...pinned, ...certificates.filter(({ fingerprint }) => !anchors.has(fingerprint))];
  const known = new Map<string, FoundChains>();
  const chosen = new Map<string, CrlChoice>();

  function* chainsOf(leaf: Certificate): Checking<FoundChains> {
    const found = known.get(leaf.fingerprint) ?? (yield* findChains(leaf, pool, anchors, purpose));
    known.set(leaf.fingerprint, found);
    return found;
  }
  function* crlOf(issuer: Certificate): Checking<CrlChoice> {
    const minimum = minimumCrlNumbers?.get(issuer.keyHash);
    const found = chosen.get(issuer.fingerprint) ?? (yield* chooseCrl(issuer, crls, minimum));
    chosen.set(issuer.fingerprint, found);
    return found;
  }
  return {
    *judge(leaf, now, issuedOn) {
      const { chains, refusal } = yield* chainsOf(leaf);
      let first: PathJudgement | undefined;
      for (const chain of chains) {
        const judgement = yield* judgeChain(chain, now, issuedOn, crlOf);
        if (judgement.ok) return judgement;
        first ??= judgement;
      }
      return first ?? invalid(refusal?.fault ?? 'no-issuer', refusal?.certificate ?? leaf);
    },
    *crlNumbers() {
      const numbers = new Map(minimumCrlNumbers);
      for (const issuer of pool) {
        const choice = yield* crlOf(issuer);
        if ('crl' in choice && choice.crl.number !== undefined) numbers.set(issuer.keyHash, choice.crl.number);
      }
      return numbers;
    },
  };
}

function invalid(fault: PathFault, certificate: Certificate): PathJudgement {
  return { ok: false, code: 'CHAIN_INVALID', reason: fault, subject: certificate.subjectText };
}

/**
 * What depends on the moment: validity (both ends inclusive), CRL periods, revocations. A path that does not hold
 * comes before a revocation on it (section 4), since a CRL is worth what the path to its issuer is.
 */
function* judgeChain(
  chain: Chain,
  now: Date,
  issuedOn: Date,
  crlOf: (issuer: Certificate) => Checking<CrlChoice>,
): Checking<PathJudgement> {
  for (const [place, certificate] of chain.entries()) {
    // An issue day is a whole day: a leaf made at noon may have signed on that day.
    const from = place === 0 ? issuedOn.getTime() + DAY - 1 : now.getTime();
    if (from < certificate.notBefore.getTime()) return invalid('not-yet-valid', certificate);
    if (now > certificate.notAfter) return invalid('expired', certificate);
    if (place === 0 && issuedOn > certificate.notAfter) return invalid('expired', certificate);
  }
  let revoked: PathJudgement | undefined;
  for (const [place, issuer] of chain.slice(1).entries()) {
    const choice = yield* crlOf(issuer);
    const fault = 'crl' in choice ? findCrlTimeFault(choice.crl, now) : choice.fault;
    if (fault !== undefined) return invalid(fault, issuer);
    const certificate = chain[place];
    const entry = 'crl' in choice && certificate ? choice.crl.revoked.get(certificate.serialNumber) : undefined;
    if (entry !== undefined && isLostToRevocation(entry, issuedOn)) {
      revoked ??= { ok: false, code: 'KEY_REVOKED', reason: entry.reason, subject: certificate?.subjectText ?? '' };
    }
  }
  return revoked ?? { ok: true };
}
