import { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { auditRecord, type AuditHead } from '#contracts';
import { LOG, type Log } from '#platform';
import { BackgroundTask } from '../background-task.js';
import { Database } from '../database.js';
import { readHead, recordOf } from './audit.queries.js';
import type { AuditExport, AuditPage, AuditSearch } from './audit.schemas.js';

const hour = 3_600_000;
/** So many records are read at once. */
const readAhead = 1000;

/** Gives out the audit log, and says every hour where it ends, to a place outside the database. */
@Injectable()
export class AuditService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: BackgroundTask;

  constructor(
    private readonly db: Database,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.task = new BackgroundTask('audit-head', log, { sweepMilliseconds: hour }, () => this.tellHead());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** The records after one, the oldest first. */
  async search({ after, limit }: AuditSearch): Promise<AuditPage> {
    const head = await readHead(this.db);
    const rows = await this.rows(after, head, limit);
    return { items: rows.map((row) => auditRecord.parse(recordOf(row))), head };
  }

  /**
   * The records after one up to now as NDJSON, and a last line with their number and the head of the chain.
   * It is made while it is read: memory does not grow with the log.
   */
  async export({ after }: AuditExport): Promise<Readable> {
    const head = await readHead(this.db);
    return Readable.from(this.lines(after, head), { objectMode: false });
  }

  private async *lines(after: number, head: AuditHead): AsyncGenerator<string> {
    let records = 0;
    let last = after;
    while (last < head.seq) {
      const rows = await this.rows(last, head, readAhead);
      if (rows.length === 0) break;
      records += rows.length;
      last = rows.at(-1)?.seq ?? head.seq;
      yield rows.map((row) => `${JSON.stringify(recordOf(row))}\n`).join('');
    }
    yield `${JSON.stringify({ records, head })}\n`;
  }

  private rows(after: number, { seq }: AuditHead, take: number) {
    return this.db.auditRecord.findMany({ where: { seq: { gt: after, lte: seq } }, orderBy: { seq: 'asc' }, take });
  }

  private async tellHead(): Promise<void> {
    const { seq, hash } = await readHead(this.db);
    this.log.info('auditHead', { seq, hash });
  }
}
