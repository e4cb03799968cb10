import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { AppError } from '#contracts';
import { parseCertificate, toKeyObject } from '#pki';
import { CLOCK, LOG, POOL, withContext, type Clock, type Log, type Sql } from '#platform';
import { Audit, type AuditEntry } from '../audit.js';
import { Keyring } from '../authority/keyring.js';
import { BackgroundTask } from '../background-task.js';
import { Database } from '../database.js';
import { chunkSize, openJob, signLabels, type Chunk, type SignedRow, type SigningJob } from './chunk.js';
import { holdRun, releaseRun, storeChunk } from './chunks.queries.js';
import { templateOf, type PrintRunRow } from './print-runs.queries.js';

const sweepMilliseconds = 15_000;

/** Signs what print runs asked for, chunk by chunk, until every run has exactly its count. */
@Injectable()
export class SigningService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: BackgroundTask;

  constructor(
    private readonly db: Database,
    private readonly keys: Keyring,
    private readonly audit: Audit,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.task = new BackgroundTask('signing', log, { sweepMilliseconds }, (signal) => this.signWaiting(signal));
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** Says that a run waits. */
  poke(): void {
    this.task.poke();
  }

  /** Every run that is not complete, the oldest first. One that fails does not keep the others waiting. */
  private async signWaiting(signal: AbortSignal): Promise<void> {
    const waiting = await this.db.printRun.findMany({
      where: { status: 'signing' },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    let failure: unknown;
    for (const { id } of waiting) {
      if (signal.aborted) return;
      try {
        await this.signRun(id, signal);
      } catch (error) {
        this.log.emit('error', 'a print run cannot go on', { printRunId: id }, error);
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /**
   * Signs what is left of a run, unless another worker holds it. Ends between two chunks when `signal` says so.
   * Hold, chunks and counter all hang on one connection: whoever loses it has lost the run.
   */
  async signRun(id: string, signal?: AbortSignal): Promise<void> {
    const client = await this.pool.connect();
    const lost = (error: Error): void => this.log.emit('warn', 'signing lost its connection', {}, error);
    client.on('error', lost);
    let broken: Error | undefined;
    try {
      if (!(await holdRun(client, id))) return;
      await this.continueRun(client, id, signal);
      await releaseRun(client, id);
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }

  /** While the database stores one chunk, the next one is signed. */
  private async continueRun(client: PoolClient, id: string, signal?: AbortSignal): Promise<void> {
    const run = await this.db.printRun.findUniqueOrThrow({ where: { id } });
    const job = await this.open(run);
    await withContext({ correlationId: run.correlationId }, async () => {
      let chunk = await this.signNext(job, run.issued, signal);
      while (chunk !== null) {
        const after = chunk.issued + chunk.labels.length;
        const [, next] = await Promise.all([this.store(client, run, job, chunk), this.signNext(job, after, signal)]);
        chunk = next;
      }
    });
  }

  /** The chunk after so many labels; none when that is all, or when the work is to end here. */
  private async signNext(job: SigningJob, issued: number, signal?: AbortSignal): Promise<Chunk | null> {
    const size = chunkSize(job, issued);
    if (size <= 0 || signal?.aborted === true) return null;
    return { issued, labels: await this.sign(job, issued, size) };
  }

  private async open(run: PrintRunRow): Promise<SigningJob> {
    const { der, keyId } = await this.db.certificate.findUniqueOrThrow({ where: { id: run.certificateId } });
    if (der === null) throw new AppError('unavailable', `the certificate ${run.kid} is not signed`);
    const certificate = parseCertificate(der);
    if (certificate.kid !== run.kid) throw new AppError('unavailable', `print run ${run.id} names another certificate`);
    const signer = await this.keys.signer(this.db, keyId);
    return openJob(run, templateOf(run), signer, toKeyObject(certificate.publicKey));
  }

  private async sign(job: SigningJob, issued: number, size: number): Promise<SignedRow[]> {
    await this.audit.before(entryOf(job, issued, size));
    return signLabels(job, size);
  }

  /** Stores the chunk; labels whose serial is taken already are signed again with another one. */
  private async store(
    client: PoolClient,
    run: PrintRunRow,
    job: SigningJob,
    { issued, labels }: Chunk,
    signed = labels.length,
  ): Promise<void> {
    const done = (tx: Sql) => this.audit.after(tx, entryOf(job, issued, labels.length), signed);
    const taken = await storeChunk(client, run, { issued, labels }, this.now(), done);
    if (taken.size === 0) return;
    const kept = labels.filter(({ serial }) => !taken.has(serial));
    const again = await this.sign(job, issued, labels.length - kept.length);
    await this.store(client, run, job, { issued, labels: [...kept, ...again] }, signed + again.length);
  }
}

const entryOf = ({ runId, organisationId, template }: SigningJob, issued: number, labels: number): AuditEntry => ({
  ...{ action: 'labels.sign', organisationId, subject: runId, keyId: template.kid },
  details: { from: issued + 1, labels },
});
