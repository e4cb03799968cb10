import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { AuditAction, AuditDetails } from '#contracts';
import { CLOCK, CONFIG, createPool, currentContext, LOG, Metrics, sqlOf } from '#platform';
import type { Clock, Log, Principal, Sql } from '#platform';
import { appendRecord } from './audit/audit.queries.js';
import type { Config } from './config.js';

/** What an audit record says of an action, beside its outcome. */
export interface AuditEntry {
  action: AuditAction;
  /** Who; left out where the service does it by itself. */
  actor?: Pick<Principal, 'id' | 'role'>;
  /** For whom. */
  organisationId?: string | null;
  /** Serial number of a certificate, id of a print run, number of a CRL or bundle. */
  subject: string;
  /** The kid of the certificate whose key signs. */
  keyId?: string | null;
  /** Small facts: no personal data, no secrets. */
  details?: AuditDetails;
}

/** What the signatures that an action makes are counted as. */
const purposes: Partial<Record<AuditAction, string>> = {
  'certificate.issue': 'certificate',
  'crl.issue': 'crl',
  'trust-bundle.publish': 'trust-bundle',
  'labels.sign': 'label',
};

/**
 * The audit log: records chained by hash, one writer at a time under a lock that ends with the writer's transaction.
 * So that nobody waits for the lock while holding it, a record of a use case comes last in its transaction.
 */
@Injectable()
export class Audit implements OnApplicationShutdown {
  /**
   * A connection of its own for records that commit by themselves: asking the service's pool for a second connection
   * inside a transaction could leave everybody waiting for everybody.
   */
  private readonly pool: Pool;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) log: Log,
    private readonly metrics: Metrics,
  ) {
    this.pool = createPool({ url: config.DATABASE_URL, size: 1, service: 'labeling-audit' }, log);
  }

  /** Says what is about to be signed. It is committed when this returns: only then may the key be used. */
  async before(entry: AuditEntry): Promise<void> {
    await this.commit(entry, 'intended', null);
  }

  /**
   * Says what was done, in the transaction that does it. It takes the lock of the log,
   * so nothing but the end of the transaction may follow that waits for anybody.
   * @param signatures how many were made
   */
  async after(tx: Sql, entry: AuditEntry, signatures = 0): Promise<void> {
    const purpose = purposes[entry.action];
    if (purpose !== undefined && signatures > 0) this.metrics.signatures.inc({ purpose }, signatures);
    await appendRecord(tx, this.record(entry, 'done', null));
  }

  /** Says what was refused and with which error code; committed when this returns. Not for use inside a transaction. */
  async refused(entry: AuditEntry, code: string): Promise<void> {
    await this.commit(entry, 'refused', code);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async commit(entry: AuditEntry, outcome: 'intended' | 'refused', code: string | null): Promise<void> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await appendRecord(sqlOf(client), this.record(entry, outcome, code));
      await client.query('COMMIT');
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      // A connection that failed is dropped, which rolls back.
      client.release(broken);
    }
  }

  private record(entry: AuditEntry, outcome: 'intended' | 'done' | 'refused', code: string | null) {
    return {
      time: this.now().toISOString(),
      actor: entry.actor?.id ?? 'system',
      role: entry.actor?.role ?? null,
      organisationId: entry.organisationId ?? null,
      action: entry.action,
      subject: entry.subject,
      keyId: entry.keyId ?? null,
      ...{ outcome, code },
      details: entry.details ?? {},
      correlationId: currentContext()?.correlationId ?? null,
    };
  }
}
