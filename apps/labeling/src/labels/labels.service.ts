import { Inject, Injectable } from '@nestjs/common';
import { AppError, LabelsVoided } from '#contracts';
import { formatTypedCode } from '#label';
import { CLOCK, publish, type Clock, type Principal } from '#platform';
import { assertMayAct } from '../access.js';
import { Audit } from '../audit.js';
import { markBundleChanged } from '../bundle/bundle.queries.js';
import { BundleService } from '../bundle/bundle.service.js';
import { Database, type Tx } from '../database.js';
import type { LabelPage, LabelSearch } from '../print-runs/print-run.schemas.js';
import { templateOf } from '../print-runs/print-runs.queries.js';
import { PrintRunsService } from '../print-runs/print-runs.service.js';
import type { VoidedLabels, VoidLabels } from './label.schemas.js';
import { labelUri } from './label-uri.js';
import { labelsAfter, lockLabels, markVoid } from './labels.queries.js';

@Injectable()
export class LabelsService {
  constructor(
    private readonly db: Database,
    private readonly printRuns: PrintRunsService,
    private readonly bundle: BundleService,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** A page of a run's labels with their URIs and typed codes. */
  async list(actor: Principal, runId: string, { cursor, limit }: LabelSearch): Promise<LabelPage> {
    const run = await this.printRuns.find(actor, runId);
    const template = templateOf(run);
    const rows = await labelsAfter(this.db, runId, cursor, limit + 1);
    const items = rows.slice(0, limit).map((label) => ({
      position: label.position,
      serial: label.serial,
      typedCode: formatTypedCode(label.serial),
      uri: labelUri(template, label),
      state: label.state,
    }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.position) : null };
  }

  /**
   * Takes labels out of use for good; the next trust bundle names them.
   * @throws {AppError} `not-found` naming the first serial that there is not; then no label has changed
   */
  async void(actor: Principal, input: VoidLabels): Promise<VoidedLabels> {
    const result = await this.db.write((tx) => this.voidAll(tx, actor, input));
    this.bundle.poke();
    return result;
  }

  private async voidAll(tx: Tx, actor: Principal, { gtin, serials, reason }: VoidLabels): Promise<VoidedLabels> {
    const wanted = [...new Set(serials)];
    const found = await lockLabels(tx, gtin, wanted);
    const known = new Set(found.map(({ serial }) => serial));
    const missing = wanted.find((serial) => !known.has(serial));
    if (missing !== undefined) throw new AppError('not-found', `there is no label ${missing} of GTIN ${gtin}`);

    const runs = await tx.printRun.findMany({
      where: { id: { in: [...new Set(found.map(({ runId }) => runId))] } },
      select: { id: true, organisationId: true, country: true },
      orderBy: { id: 'asc' },
    });
    for (const run of runs) assertMayAct(actor, run);
    const now = this.now();
    const fresh = found.filter(({ state }) => state === 'issued');
    for (const { id } of runs) {
      const own = fresh.filter(({ runId }) => runId === id).map(({ serial }) => serial);
      if (own.length === 0) continue;
      await markVoid(tx, id, gtin, own);
      const data = { printRunId: id, gtin, serials: own, reason, voidedAt: now.toISOString() };
      await publish(tx, LabelsVoided, id, data, now);
    }
    if (fresh.length > 0) await markBundleChanged(tx);
    const result = { voided: fresh.length, alreadyVoid: found.length - fresh.length };
    // A GTIN belongs to one organisation.
    const organisationId = runs[0]?.organisationId ?? null;
    const details = { reason, ...result };
    await this.audit.after(tx, { action: 'label.void', actor, organisationId, subject: gtin, details });
    return result;
  }
}
