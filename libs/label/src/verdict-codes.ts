/** The closed list of verdicts: section 4 in its order, then the two that only the issuer can give online. */
export const verdictCodes = [
  'BAD_FORMAT',
  'NOT_SIGNED',
  'UNSUPPORTED_VERSION',
  'HOST_NOT_TRUSTED',
  'UNKNOWN_KEY',
  'BAD_SIGNATURE',
  'ISSUED_IN_FUTURE',
  'NOT_VALID_AT_ISSUE',
  'CHAIN_INVALID',
  'KEY_REVOKED',
  'OUT_OF_SCOPE',
  'LABEL_VOID',
  'RECALLED',
  'TRUST_EXPIRED',
  'VALID_STALE_TRUST',
  'VALID',
  'ISSUED',
  'UNKNOWN_SERIAL',
] as const;

export type VerdictCode = (typeof verdictCodes)[number];

/** A headline and one sentence: what the verdict means and what to do. */
export interface Wording {
  readonly headline: string;
  readonly sentence: string;
}

export type Wordings = Readonly<Record<VerdictCode, Wording>>;
