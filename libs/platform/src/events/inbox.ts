import { AsyncResource } from 'node:async_hooks';
import type { Envelope } from '#contracts';
import { isUnavailable } from '../database/faults.js';
import type { Sql, Transactional } from '../database/sql.js';

/** So many events share a transaction at most: their work has to fit into its time limit. */
const largestGroup = 32;

interface Waiting<Tx> {
  /** As the database writes it. */
  id: string;
  work(tx: Tx): Promise<void>;
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Handles each event once: the record that it was handled and its effect commit together, and an event that was
 * handled before changes nothing. Events that arrive while a transaction is under way share the next one, since
 * a transaction costs more than the work in it; where one of them fails, each gets a transaction of its own.
 */
export class Inbox<Tx extends Sql> {
  private readonly waiting: Waiting<Tx>[] = [];
  private busy = false;

  constructor(private readonly db: Transactional<Tx>) {}

  /**
   * Resolves when the effect is committed, or was before. `work` may be called again after a rollback, and runs
   * among the work of other events: it must not wait for any of them.
   */
  once({ id }: Pick<Envelope, 'id'>, work: (tx: Tx) => Promise<void>): Promise<void> {
    return new Promise((settle, fail) => {
      // The work keeps the context of its own event: correlation and causation of what it publishes.
      this.waiting.push({ id: id.toLowerCase(), work: AsyncResource.bind(work), settle, fail });
      if (!this.busy) void this.drain();
    });
  }

  /** Never rejects: every failure goes to those who wait. */
  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) await this.handle(this.waiting.splice(0, largestGroup));
    this.busy = false;
  }

  private async handle(group: readonly Waiting<Tx>[]): Promise<void> {
    const failure = await this.attempt(group);
    if (failure === undefined) return group.forEach((event) => event.settle());
    if (group.length > 1) return this.oneByOne(group);
    group.forEach((event) => event.fail(failure.error));
  }

  /** When the database is away, that is known after the first of them. */
  private async oneByOne(group: readonly Waiting<Tx>[]): Promise<void> {
    let away: { error: unknown } | undefined;
    for (const event of group) {
      const failure = away ?? (await this.attempt([event]));
      if (failure === undefined) event.settle();
      else event.fail(failure.error);
      if (failure !== undefined && isUnavailable(failure.error)) away = failure;
    }
  }

  /** One transaction for the records and the effects of these events. */
  private async attempt(group: readonly Waiting<Tx>[]): Promise<{ error: unknown } | undefined> {
    try {
      await this.db.$transaction(async (tx) => {
        const ids = group.map(({ id }) => id);
        const recorded = await tx.$queryRaw<{ id: string }[]>`
          INSERT INTO inbox (event_id) SELECT unnest(${ids}::uuid[])
          ON CONFLICT DO NOTHING RETURNING event_id::text AS id`;
        const fresh = new Set(recorded.map(({ id }) => id));
        for (const { id, work } of group) if (fresh.delete(id)) await work(tx);
      });
      return undefined;
    } catch (error) {
      return { error };
    }
  }
}
