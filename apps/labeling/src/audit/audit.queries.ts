import { createHash } from 'node:crypto';
import { auditRecord, auditStart, canonicalAudit, type AuditHead, type AuditRecord } from '#contracts';
import type { Sql } from '#platform';
import type { Prisma } from '../generated/prisma/client.js';

/** A record before it has its place in the chain. */
export type UnchainedRecord = Omit<AuditRecord, 'seq' | 'previous' | 'hash'>;
type AuditRow = Prisma.AuditRecordGetPayload<object>;

/** Where the chain ends; `seq` 0 before the first record. */
export async function readHead(sql: Sql): Promise<AuditHead> {
  const [last] = await sql.$queryRaw<AuditHead[]>`SELECT seq, hash FROM audit_record ORDER BY seq DESC LIMIT 1`;
  return last ?? { seq: 0, hash: auditStart };
}

/**
 * Puts a record at the end of the chain. The lock is held until the transaction ends; the end of the chain is read by
 * a statement of its own after it, which sees what the writer before has committed.
 */
export async function appendRecord(tx: Sql, unchained: UnchainedRecord): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(7205759402)`;
  const head = await readHead(tx);
  const chained = { ...unchained, seq: head.seq + 1, previous: head.hash };
  const hash = createHash('sha256').update(canonicalAudit(chained)).digest('hex');
  const { seq, time, actor, role, organisationId, action, subject, keyId, outcome, code, details, correlationId } =
    auditRecord.parse({ ...chained, hash });
  await tx.$executeRaw`
    INSERT INTO audit_record (seq, time, actor, role, organisation_id, action, subject, key_id, outcome, code, details,
                              correlation_id, previous, hash)
    VALUES (${seq}::int, ${time}::timestamptz, ${actor}, ${role}, ${organisationId}, ${action}, ${subject}, ${keyId},
            ${outcome}, ${code}, ${JSON.stringify(details)}::jsonb, ${correlationId}, ${head.hash}, ${hash})`;
}

/** A row as it is exported. What does not fit the schema any more is given out as it is: the verifier will say so. */
export function recordOf({ time, ...row }: AuditRow) {
  return { ...row, time: time.toISOString() };
}
