/** Revocation reasons, RFC 5280 section 5.3.1, with their numbers. */
export const reasonCodes = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof reasonCodes;

/** After these, what was signed before the revocation date stays good (label profile, section 7). */
const KEEPING: ReadonlySet<RevocationReason> = new Set(['superseded', 'cessationOfOperation', 'affiliationChanged']);

const DAY = 86_400_000;

/**
 * Whether a label is lost to a revocation. Section 7 names the reasons that spare earlier labels; every other one,
 * none given, or one unknown takes all of them, because issue days are self-asserted and whoever holds a key
 * wrongly can date a label as he likes. "Before" means an earlier UTC day: a label carries no hour.
 */
export function isLostToRevocation(
  entry: { readonly reason: RevocationReason; readonly revokedAt: Date },
  issuedOn: Date,
): boolean {
  if (!KEEPING.has(entry.reason)) return true;
  return issuedOn.getTime() >= Math.floor(entry.revokedAt.getTime() / DAY) * DAY;
}
