import type { VerdictCode } from '#label';

/** What a label that could be read says of itself. */
export interface ReadLabel {
  host: string;
  gtin: string;
  lot?: string;
  serial: string;
  attributes: Readonly<Record<string, string>>;
  /** It carries `s`, whatever that is worth. */
  signed: boolean;
}

/** What the register says about one label. */
export interface RegisterEntry {
  batchId: string | null;
  recalled: boolean;
  voidedAt: Date | null;
  voidReason: string | null;
  scans: number;
  firstScanAt: Date | null;
}

/** How a page speaks: calm, informing, warning, refusing, or not knowing. */
export type Tone = 'good' | 'info' | 'caution' | 'bad' | 'unknown';

const tones: Record<VerdictCode, Tone> = {
  VALID: 'good',
  ISSUED: 'info',
  VALID_STALE_TRUST: 'caution',
  TRUST_EXPIRED: 'caution',
  NOT_SIGNED: 'unknown',
  BAD_FORMAT: 'unknown',
  UNSUPPORTED_VERSION: 'unknown',
  HOST_NOT_TRUSTED: 'bad',
  UNKNOWN_KEY: 'bad',
  BAD_SIGNATURE: 'bad',
  ISSUED_IN_FUTURE: 'bad',
  NOT_VALID_AT_ISSUE: 'bad',
  CHAIN_INVALID: 'bad',
  KEY_REVOKED: 'bad',
  OUT_OF_SCOPE: 'bad',
  LABEL_VOID: 'bad',
  RECALLED: 'bad',
  UNKNOWN_SERIAL: 'bad',
};

export const toneOf = (code: VerdictCode): Tone => tones[code];

/**
 * How much of the story may stand beside a verdict:
 * `story` everything; `identity` what the label was issued for, and no more; `claims` only what the label says of
 * itself, set apart. A story beside a bad verdict would lend a forgery the credit of the goods that it imitates.
 */
export type Shown = 'story' | 'identity' | 'claims';

const shown: Partial<Record<VerdictCode, Shown>> = {
  VALID: 'story',
  VALID_STALE_TRUST: 'story',
  TRUST_EXPIRED: 'story',
  ISSUED: 'story',
  RECALLED: 'story',
  LABEL_VOID: 'identity',
};

export const shownWith = (code: VerdictCode): Shown => shown[code] ?? 'claims';

/** Verdicts of the label itself that the register can still change: everything before them is final. */
const open: ReadonlySet<VerdictCode> = new Set([
  'VALID',
  'VALID_STALE_TRUST',
  'TRUST_EXPIRED',
  'RECALLED',
  'LABEL_VOID',
]);

/** A compact label (profile, section 1): GTIN and serial alone, without `s`. Only the issuer can confirm it. */
export function isCompact(label: ReadLabel): boolean {
  return !label.signed && label.lot === undefined && Object.keys(label.attributes).length === 0;
}

/** Whether the register is to be asked: never for a forged or damaged label. */
export function needsRegister(code: VerdictCode, label: ReadLabel, hosts: ReadonlySet<string>): boolean {
  return open.has(code) || (code === 'NOT_SIGNED' && isCompact(label) && hosts.has(label.host));
}

/**
 * The verdict with what the register knows, which is newer than the trust bundle: a void label and a recalled batch
 * count at once, and a compact label is issued or unknown (profile, sections 1 and 4).
 */
export function judgeOnline(
  code: VerdictCode,
  entry: { voidedAt: Date | null } | undefined,
  recalled: boolean,
): VerdictCode {
  if (code === 'LABEL_VOID' || (entry?.voidedAt ?? null) !== null) return 'LABEL_VOID';
  if (code === 'NOT_SIGNED' && entry === undefined) return 'UNKNOWN_SERIAL';
  if (code === 'RECALLED' || recalled) return 'RECALLED';
  return code === 'NOT_SIGNED' ? 'ISSUED' : code;
}
