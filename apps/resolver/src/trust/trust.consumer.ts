import { Controller, Inject } from '@nestjs/common';
import { AppError, TrustBundlePublished, type EventOf } from '#contracts';
import { createTrustStore, openBundle } from '#pki';
import { CLOCK, On, type Clock } from '#platform';
import { Database, type Tx } from '../database.js';
import { addPart, lockPins, saveBundle, savePins } from './trust.queries.js';
import { TrustService } from './trust.service.js';

/** Joins the parts of trust bundles and lets in those that lead to a pinned root. */
@Controller()
export class TrustConsumer {
  constructor(
    private readonly db: Database,
    private readonly trust: TrustService,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @On(TrustBundlePublished)
  async published(event: EventOf<typeof TrustBundlePublished>): Promise<void> {
    await this.db.once(event, async (tx) => {
      const jws = await addPart(tx, event.data);
      if (jws !== undefined) await this.letIn(tx, jws, event.data.seq);
    });
    await this.trust.refresh();
  }

  /** An older bundle than the newest is stored like any other; the highest number is the one in force. */
  private async letIn(tx: Tx, jws: string, seq: number): Promise<void> {
    const pins = await lockPins(tx);
    const opened = openBundle(jws, { pinnedKeys: this.trust.pinnedKeys(pins) });
    const { issuedAt, nextUpdate } = opened.bundle;
    if (opened.bundle.seq !== seq)
      throw new AppError('invalid', `the trust bundle ${opened.bundle.seq} was announced as ${seq}`);
    const now = this.now();
    const crlNumbers = new Map(createTrustStore(opened).crlNumbers());
    await saveBundle(tx, { seq, jws, issuedAt, nextUpdate }, now);
    await savePins(tx, { keyHashes: new Set(opened.pinnedKeys), crlNumbers }, now);
  }
}
