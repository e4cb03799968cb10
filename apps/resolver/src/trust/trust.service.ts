import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import type { BundleInfo, TrustStore } from '#label';
import { createTrustStore, openBundle } from '#pki';
import { CONFIG, LOG, POOL, type Log } from '#platform';
import type { Config } from '../config.js';
import { findNewerBundle, findPins, type Pins, type StoredBundle } from './trust.queries.js';

/** The trust data in force: what labels are verified against, and the text that others download. */
export interface Trust {
  store: TrustStore;
  bundle: BundleInfo;
  jws: string;
  etag: string;
}

/** How often a process looks whether another process of this service has stored a newer bundle. */
const lookEvery = 10_000;

/** Holds the newest trust bundle in memory; it is opened only when a newer one is there. */
@Injectable()
export class TrustService implements OnModuleInit, OnApplicationShutdown {
  private trust: Trust | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The newest bundle, or undefined as long as none has arrived. */
  get current(): Trust | undefined {
    return this.trust;
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.look(), lookEvery);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The roots that a bundle must lead to: the configured one, else those pinned with the first bundle. */
  pinnedKeys(pins: Pins): ReadonlySet<string> | 'first-use' {
    if (this.config.TRUST_ROOT_SHA256 !== undefined) return new Set([this.config.TRUST_ROOT_SHA256]);
    return pins.keyHashes.size === 0 ? 'first-use' : pins.keyHashes;
  }

  /** Takes over the newest stored bundle if it is newer than the one in memory. */
  async refresh(): Promise<void> {
    const stored = await findNewerBundle(this.pool, this.trust?.bundle.seq ?? 0);
    if (stored === undefined) return;
    const pins = await findPins(this.pool);
    const opened = this.open(stored, pins);
    if (opened.bundle.seq > (this.trust?.bundle.seq ?? 0)) this.trust = opened;
  }

  private open({ jws }: StoredBundle, pins: Pins): Trust {
    const data = openBundle(jws, { pinnedKeys: this.pinnedKeys(pins), minimumCrlNumbers: pins.crlNumbers });
    const etag = `"${data.bundle.seq}-${createHash('sha256').update(jws).digest('hex').slice(0, 16)}"`;
    return { store: createTrustStore(data), bundle: data.bundle, jws, etag };
  }

  private async look(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.log.emit('warn', 'the newest trust bundle could not be loaded', {}, error);
    }
  }
}
