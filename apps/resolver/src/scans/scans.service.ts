import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { ScansRecorded, type Scan } from '#contracts';
import { CLOCK, LOG, Metrics, newId, POOL, publish, sqlOf, type Clock, type Log } from '#platform';
import { insertScans } from './scans.queries.js';

const flushEvery = 1000;
const flushAt = 500;
/** While the database is away this many scans wait; the ones after are counted as lost. */
const mostWaiting = 10_000;

/** Collects scans in memory and stores them many at a time, without anything about who scanned. */
@Injectable()
export class ScansService implements OnModuleInit, OnApplicationShutdown {
  private waiting: Scan[] = [];
  private readonly counters = new Map<string, ReturnType<Metrics['scans']['labels']>>();
  private lost = 0;
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), flushEvery);
    this.timer.unref();
  }

  /** Notes a scan; returns at once. */
  record(scan: Scan): void {
    this.count(scan.verdict);
    if (this.waiting.length >= mostWaiting) {
      this.lost += 1;
      return;
    }
    this.waiting.push(scan);
    if (this.waiting.length % flushAt === 0 && this.flushing === undefined) void this.flush();
  }

  /** A counter with its label bound costs a tenth of one that looks it up. */
  private count(verdict: string): void {
    const counter = this.counters.get(verdict) ?? this.metrics.scans.labels(verdict);
    this.counters.set(verdict, counter);
    counter.inc();
  }

  /** Stores what waits. What cannot be stored waits for the next time. Never rejects. */
  async flush(): Promise<void> {
    while (this.flushing !== undefined) await this.flushing;
    this.flushing = this.storeAll();
    await this.flushing;
    this.flushing = undefined;
  }

  /** The HTTP server is closed by then, so that no scan comes after. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    if (this.waiting.length > 0) this.log.emit('error', 'scans lost at shutdown', { count: this.waiting.length });
  }

  private async storeAll(): Promise<void> {
    const rounds = Math.ceil(this.waiting.length / flushAt);
    for (let round = 0; round < rounds; round++) if (!(await this.store())) return;
  }

  private async store(): Promise<boolean> {
    const scans = this.waiting.slice(0, flushAt);
    try {
      await this.insert(scans);
      this.waiting = this.waiting.slice(scans.length);
      if (this.lost > 0) this.log.emit('error', 'scans lost while the database was away', { count: this.lost });
      this.lost = 0;
      return true;
    } catch (error) {
      this.log.emit('warn', 'scans wait for the database', { count: this.waiting.length }, error);
      return false;
    }
  }

  /** One transaction: the rows, the counters of the labels, and one event. */
  private async insert(scans: Scan[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await insertScans(client, scans);
      const now = this.now();
      await publish(sqlOf(client), ScansRecorded, newId(now), { scans }, now);
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}
