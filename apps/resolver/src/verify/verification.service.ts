import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { AppError, type Scan } from '#contracts';
import { makeVerdict, parseLabelUri, verifyLabel, type Language, type TrustStore, type Verdict } from '#label';
import { CLOCK, POOL, type Clock } from '#platform';
import { ScansService } from '../scans/scans.service.js';
import { StoriesService } from '../stories/stories.service.js';
import type { Story } from '../stories/story-view.js';
import { TrustService } from '../trust/trust.service.js';
import { LabelLookup } from './label-lookup.js';
import { findBatch } from './labels.queries.js';
import {
  isCompact,
  judgeOnline,
  needsRegister,
  shownWith,
  type ReadLabel,
  type RegisterEntry,
  type Shown,
} from './verdict.rules.js';

/** The answer about one label, for a page or for a program. */
export interface Outcome {
  uri: string;
  now: Date;
  verdict: Verdict;
  /** What the label says of itself; undefined when it could not be read. */
  label: ReadLabel | undefined;
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
    private readonly labels: LabelLookup,
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
    const outcome = await this.judge(uri, language, now);
    const { gtin = null, lot = null, serial = null } = outcome.label ?? {};
    this.scans.record({ at: now.toISOString(), gtin, lot, serial, verdict: outcome.verdict.code, channel });
    return outcome;
  }

  private async judge(uri: string, language: Language, now: Date): Promise<Outcome> {
    const { store } = this.trust.current ?? withoutTrust(uri);
    const verdict = await verifyLabel(uri, store, now, { language });
    const label = labelOf(verdict);
    if (label === undefined || !needsRegister(verdict.code, label, store.hosts))
      return { uri, now, verdict, label, entry: undefined, asked: false, shown: 'claims', story: undefined };
    const entry = await this.labels.find(label);
    const batch = entry?.batchId == null ? await this.batchOfLot(label) : entry;
    const code = judgeOnline(bundleSays(store, label, verdict), entry, batch?.recalled ?? false);
    const shown = shownWith(code);
    return {
      ...{ uri, now, label, entry, shown, asked: true },
      verdict: code === verdict.code ? verdict : makeVerdict(code, verdict.facts, language),
      story: shown === 'claims' ? undefined : await this.storyOf(batch?.batchId ?? null, label.gtin),
    };
  }

  /** The batch of a signed label that the register does not list, or whose batch it does not know. */
  private async batchOfLot({
    gtin,
    lot,
  }: ReadLabel): Promise<{ batchId: string | null; recalled: boolean } | undefined> {
    return lot === undefined ? undefined : findBatch(this.pool, gtin, lot);
  }

  private storyOf(batchId: string | null, gtin: string): Story | undefined | Promise<Story | undefined> {
    return this.stories.kept(batchId, gtin) ?? this.stories.find(batchId, gtin);
  }
}

/** What a verdict says that the label says. */
function labelOf({ facts }: Verdict): ReadLabel | undefined {
  const { host, gtin, lot, serial, attributes = {}, kid } = facts;
  if (host === undefined || gtin === undefined || serial === undefined) return undefined;
  return { host, gtin, serial, attributes, signed: kid !== undefined, ...(lot === undefined ? {} : { lot }) };
}

/** Damage can be told without trust data, and nothing else. */
function withoutTrust(uri: string): { store: TrustStore } {
  if (!('badFormat' in parseLabelUri(uri)))
    throw new AppError('unavailable', 'the trust data have not arrived yet, so no label can be verified');
  const nothing = (): undefined => undefined;
  return {
    store: {
      ...{ hosts: new Set(), certificates: () => [], catalogue: nothing },
      ...{ isVoid: () => false, isRecalled: () => false },
    },
  };
}

/** A compact label stands in the bundle's void list like any other. */
function bundleSays(store: TrustStore, label: ReadLabel, verdict: Verdict): Verdict['code'] {
  return isCompact(label) && store.isVoid(label.gtin, label.serial) ? 'LABEL_VOID' : verdict.code;
}

/** The answer about a typed code that no label has. */
export function makeUnknown(uri: string, language: Language, now: Date): Outcome {
  const verdict = makeVerdict('UNKNOWN_SERIAL', {}, language);
  return { uri, now, verdict, label: undefined, entry: undefined, asked: true, shown: 'claims', story: undefined };
}
