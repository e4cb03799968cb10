/**
 * Custody of a key that this installation does not have: the offline root's. The row says so where a token's label
 * would stand, so that whoever wants to sign with it is told that it is elsewhere.
 */
export const offlineCustody = { token: 'offline, not in this system' } as const;

/** Selects keys that can sign here. */
export const isPresent = { OR: [{ token: null }, { token: { not: offlineCustody.token } }] };
