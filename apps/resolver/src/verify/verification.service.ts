import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { AppError, type Scan } from '#contracts';
import { makeVerdict, parseLabelUri, verifyLabel, type Language, type ParsedLabel, type Verdict } from '#label';
import { CLOCK, POOL, type Clock } from '#platform';
import { ScansService } from '../scans/scans.service.js';
import { StoriesService } from '../stories/stories.service.js';
import type { Story } from '../stories/story-view.js';
import { TrustService, type Trust } from '../trust/trust.service.js';
import { findBatch, findLabel } from './labels.queries.js';
import { isCompact, judgeOnline, needsRegister, shownWith, type RegisterEntry, type Shown } from './verdict.rules.js';

/** The answer about one label, for a page or for a program. */
export interface Outcome {
  uri: string;
  now: Date;
  verdict: Verdict;
  /** What the label says of itself; undefined when it could not be read. */
  label: ParsedLabel | undefined;
  /** What the register says; undefined when it does not list the label or was not asked. */
  entry: RegisterEntry | undefined;
  asked: boolean;
  shown: Shown;
  /** Only where the verdict lets it be shown. */
  story: Story | undefined;
}

@Injectable()
export class VerificationService {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly trust: TrustService,
    private readonly stories: StoriesService,
    private readonly scans: ScansService,
  ) {}

  /**
   * Verifies a label and notes the scan. In this order: length and syntax, signature and trust, register; so that
   * damaged and forged labels never reach the database.
   * @throws {AppError} `unavailable` as long as no trust bundle has arrived
   */
  async verify(uri: string, language: Language, channel: Scan['channel']): Promise<Outcome> {
    const now = this.now();
    const parsed = parseLabelUri(uri);
    const outcome =
      'badFormat' in parsed
        ? this.unreadable(uri, parsed, language, now)
        : await this.judge(uri, parsed, language, now);
    const { gtin = null, lot = null, serial = null } = outcome.label ?? {};
    this.scans.record({ at: now.toISOString(), gtin, lot, serial, verdict: outcome.verdict.code, channel });
    return outcome;
  }

  private unreadable(
    uri: string,
    { badFormat, field, position }: { badFormat: string; field: string; position: number },
    language: Language,
    now: Date,
  ): Outcome {
    const verdict = makeVerdict('BAD_FORMAT', { field, position }, language, badFormat);
    return { uri, now, verdict, label: undefined, entry: undefined, asked: false, shown: 'claims', story: undefined };
  }

  private async judge(uri: string, label: ParsedLabel, language: Language, now: Date): Promise<Outcome> {
    const trust = this.trust.current;
    if (trust === undefined)
      throw new AppError('unavailable', 'the trust data have not arrived yet, so no label can be verified');
    const verdict = await verifyLabel(uri, trust.store, now, { language });
    const { hosts } = trust.store;
    if (!needsRegister(verdict.code, label, hosts))
      return { uri, now, verdict, label, entry: undefined, asked: false, shown: 'claims', story: undefined };
    const entry = await findLabel(this.pool, label.gtin, label.serial);
    const batch = await this.batchOf(label, entry);
    const code = judgeOnline(bundleSays(trust, label, verdict), entry, batch?.recalled ?? false);
    const shown = shownWith(code);
    return {
      ...{ uri, now, label, entry, shown, asked: true },
      verdict: code === verdict.code ? verdict : makeVerdict(code, verdict.facts, language),
      story: shown === 'claims' ? undefined : await this.stories.find(batch?.batchId ?? null, label.gtin),
    };
  }

  private async batchOf(
    label: ParsedLabel,
    entry: RegisterEntry | undefined,
  ): Promise<{ batchId: string | null; recalled: boolean } | undefined> {
    if (entry !== undefined && entry.batchId !== null) return entry;
    return label.lot === undefined ? undefined : findBatch(this.pool, label.gtin, label.lot);
  }
}

/** A compact label stands in the bundle's void list like any other. */
function bundleSays(trust: Trust, label: ParsedLabel, verdict: Verdict): Verdict['code'] {
  return isCompact(label) && trust.store.isVoid(label.gtin, label.serial) ? 'LABEL_VOID' : verdict.code;
}

/** The answer about a typed code that no label has. */
export function makeUnknown(uri: string, language: Language, now: Date): Outcome {
  const verdict = makeVerdict('UNKNOWN_SERIAL', {}, language);
  return { uri, now, verdict, label: undefined, entry: undefined, asked: true, shown: 'claims', story: undefined };
}
