import type { PoolClient } from 'pg';
import { LabelsIssued } from '#contracts';
import { publish, sqlOf } from '#platform';
import type { SignedRow, SigningJob } from './chunk.js';
import type { PrintRunRow } from './print-runs.queries.js';

/** Holds a run for this connection alone; the hold ends with the connection at the latest. */
export async function holdRun(client: PoolClient, runId: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
    [runId],
  );
  return rows[0]?.held === true;
}

export async function releaseRun(client: PoolClient, runId: string): Promise<void> {
  await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [runId]);
}

/** One transaction on a connection of the pool. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Some serials of a chunk exist already for the GTIN; nothing of the chunk was stored. */
export class SerialsTaken extends Error {
  constructor(readonly serials: ReadonlySet<string>) {
    super(`${serials.size} serials are taken`);
  }
}

/**
 * Stores a chunk: its labels, the run's counter and the event, all or nothing.
 * @throws {SerialsTaken} when serials have to be drawn again
 */
export async function storeChunk(
  client: PoolClient,
  run: PrintRunRow,
  job: SigningJob,
  labels: readonly SignedRow[],
  now: Date,
): Promise<void> {
  const serials = labels.map(({ serial }) => serial);
  await inTransaction(client, async () => {
    const counted = await client.query({
      name: 'count-issued',
      text: `UPDATE print_run SET issued = issued + $3,
               status = CASE WHEN issued + $3 = count THEN 'complete' ELSE status END,
               completed_at = CASE WHEN issued + $3 = count THEN $4::timestamptz END
             WHERE id = $1 AND issued = $2 AND issued + $3 <= count`,
      values: [run.id, job.issued, labels.length, now],
    });
    if (counted.rowCount !== 1) throw new Error(`print run ${run.id} was continued by somebody else`);
    await insertLabels(client, run, job.issued, labels);
    const { id: printRunId, batchId, productId, organisationId, gtin, lot, kid } = run;
    const shared = { printRunId, batchId, productId, organisationId, gtin, lot, kid };
    await publish(sqlOf(client), LabelsIssued, run.id, { ...shared, issuedAt: now.toISOString(), serials }, now);
  });
}

/** One statement for all: serials as an array, the signatures as one string of bytes cut up by the database. */
async function insertLabels(
  client: PoolClient,
  { id, gtin }: PrintRunRow,
  position: number,
  labels: readonly SignedRow[],
): Promise<void> {
  const serials = labels.map(({ serial }) => serial);
  const inserted = await client.query({
    name: 'insert-labels',
    text: `INSERT INTO label (gtin, serial, run_id, position, signature)
           SELECT $1, serial, $2::uuid, $3::int + n, substring($5::bytea FROM (n::int - 1) * 64 + 1 FOR 64)
           FROM unnest($4::text[]) WITH ORDINALITY AS u (serial, n)
           ON CONFLICT (gtin, serial) DO NOTHING`,
    values: [gtin, id, position, serials, Buffer.concat(labels.map(({ signature }) => signature))],
  });
  if (inserted.rowCount === labels.length) return;
  const kept = await client.query<{ serial: string }>(
    'SELECT serial FROM label WHERE run_id = $1 AND position > $2 AND serial = ANY($3)',
    [id, position, serials],
  );
  const own = new Set(kept.rows.map(({ serial }) => serial));
  const doubled = serials.filter((serial, index) => !own.has(serial) || serials.indexOf(serial) !== index);
  throw new SerialsTaken(new Set(doubled));
}
