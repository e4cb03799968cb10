import { sentenceFor, type Language } from './sentences/index.js';
import type { CatalogueEntry } from './trust.js';
import type { VerdictCode } from './verdict-codes.js';

/** What a verdict rests on (section 4). Everything here is plain JSON. */
export interface VerdictFacts {
  readonly host?: string;
  readonly gtin?: string;
  readonly lot?: string;
  readonly serial?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly kid?: string;
  /** YYYY-MM-DD, UTC. Self-asserted by the signer. */
  readonly issueDay?: string;
  readonly certificate?: {
    readonly subject: string;
    /** ISO 3166-1 numeric, from LabelScope. */
    readonly country?: string;
    readonly producerId?: string;
    readonly notBefore: string;
    readonly notAfter: string;
  };
  /** For CHAIN_INVALID and KEY_REVOKED: the certificate at which the path broke. */
  readonly brokenAt?: string;
  readonly bundle?: {
    readonly seq: number;
    readonly issuedAt: string;
    readonly nextUpdate: string;
    readonly ageDays: number;
  };
  readonly catalogue?: CatalogueEntry;
  /** For BAD_FORMAT: the field and where it stands in the text. */
  readonly field?: string;
  readonly position?: number;
}

/** A verdict: code, the facts it rests on, and words for the reader. `reason` refines the code for a program. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly reason?: string;
  readonly facts: VerdictFacts;
  readonly language: Language;
  readonly headline: string;
  readonly sentence: string;
}

/** Puts a verdict into words. */
export function makeVerdict(code: VerdictCode, facts: VerdictFacts, language: Language, reason?: string): Verdict {
  const { headline, sentence } = sentenceFor(code, language);
  return reason === undefined
    ? { code, facts, language, headline, sentence }
    : { code, reason, facts, language, headline, sentence };
}
