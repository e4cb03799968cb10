import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { POOL } from '#platform';
import { findLabel, findLabels, type LabelKey } from './labels.queries.js';
import type { RegisterEntry } from './verdict.rules.js';

/** So many queries are on their way at once; scans that come meanwhile share the next one. */
const lanes = 2;
const mostTogether = 100;

interface Waiting {
  key: LabelKey;
  resolve: (entry: RegisterEntry | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Looks labels up. A scan alone is asked for at once; of many that come together each costs a share of one query,
 * because it is the round trip and not the row that is dear.
 */
@Injectable()
export class LabelLookup {
  private waiting: Waiting[] = [];
  private busy = 0;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** The register's entry of a label; undefined when there is none. */
  find(key: LabelKey): Promise<RegisterEntry | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (this.busy < lanes) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.busy += 1;
    while (this.waiting.length > 0) await this.ask(this.waiting.splice(0, mostTogether));
    this.busy -= 1;
  }

  private async ask(together: Waiting[]): Promise<void> {
    const keys = together.map(({ key }) => key);
    const [only] = keys;
    try {
      const single = keys.length === 1 && only !== undefined;
      const entries = single ? [await findLabel(this.pool, only)] : await findLabels(this.pool, keys);
      for (const [i, { resolve }] of together.entries()) resolve(entries[i]);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}
