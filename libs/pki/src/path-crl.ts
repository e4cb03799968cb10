import type { Certificate } from './certificate.js';
import type { Crl } from './crl.js';
import type { Checking } from './ecdsa.js';
import { findSignatureFault, type PathFault } from './path-rules.js';

/** The one CRL of an issuer that counts, or why there is none. */
export type CrlChoice = { readonly crl: Crl } | { readonly fault: PathFault };

/**
 * Chooses an issuer's CRL by section 6. Of those with a right signature the highest number counts, be it in force
 * or not: a lower one that is still in force is a step back and must not hide what came after. Apart from the
 * number nothing here depends on the moment.
 */
export function* chooseCrl(
  issuer: Certificate,
  crls: readonly Crl[],
  minimum: bigint | undefined,
): Checking<CrlChoice> {
  const named = crls.filter((crl) => crl.issuer === issuer.subject);
  if (named.length === 0) return { fault: 'crl-missing' };
  if (issuer.extensions.keyUsage?.has('cRLSign') !== true) return { fault: 'crl-key-usage' };
  const faults: (PathFault | undefined)[] = [];
  for (const crl of named) faults.push(yield* findSignatureFault(crl, issuer));
  const signed = named.filter((_, i) => faults[i] === undefined);
  const newest = signed.toSorted(byNumber)[0];
  if (newest === undefined)
    return { fault: faults[0] === 'signature-algorithm' ? 'signature-algorithm' : 'crl-signature' };
  if (newest.unknownCritical.length > 0) return { fault: 'crl-extension' };
  if (newest.number === undefined || newest.number < (minimum ?? 0n)) return { fault: 'crl-number' };
  return { crl: newest };
}

/** Highest number first; a CRL without one last; of equals the later. */
function byNumber(a: Crl, b: Crl): number {
  const [left, right] = [a.number ?? -1n, b.number ?? -1n];
  return left === right ? b.thisUpdate.getTime() - a.thisUpdate.getTime() : left > right ? -1 : 1;
}

/** thisUpdate ≤ now ≤ nextUpdate; a CRL without nextUpdate would never end and is refused (RFC 5280 5.1.2.5). */
export function findCrlTimeFault(crl: Crl, now: Date): PathFault | undefined {
  if (now < crl.thisUpdate) return 'crl-not-yet-valid';
  return crl.nextUpdate !== undefined && now <= crl.nextUpdate ? undefined : 'crl-expired';
}
