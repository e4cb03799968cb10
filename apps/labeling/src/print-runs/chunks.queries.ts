import type { PoolClient } from 'pg';
import { LabelsIssued } from '#contracts';
import { publish, sqlOf, type Sql } from '#platform';
import type { Chunk } from './chunk.js';
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

/**
 * Stores a chunk in one transaction: its labels, the run's counter, the event, and last what `done` adds.
 * After an error the connection must be dropped, which rolls back.
 * @returns the serials that have to be drawn again because they are taken; then nothing was stored
 */
export async function storeChunk(
  client: PoolClient,
  run: PrintRunRow,
  chunk: Chunk,
  now: Date,
  done: (tx: Sql) => Promise<void>,
): Promise<ReadonlySet<string>> {
  await client.query('BEGIN');
  await countIssued(client, run, chunk, now);
  const taken = await insertLabels(client, run, chunk);
  if (taken.size === 0) await publishIssued(client, run, chunk, now);
  if (taken.size === 0) await done(sqlOf(client));
  await client.query(taken.size === 0 ? 'COMMIT' : 'ROLLBACK');
  return taken;
}

/** Comes first: it locks the run, and it refuses a chunk that does not follow what is stored. */
async function countIssued(
  client: PoolClient,
  { id }: PrintRunRow,
  { issued, labels }: Chunk,
  now: Date,
): Promise<void> {
  const { rowCount } = await client.query({
    name: 'count-issued',
    text: `UPDATE print_run SET issued = issued + $3,
             status = CASE WHEN issued + $3 = count THEN 'complete' ELSE status END,
             completed_at = CASE WHEN issued + $3 = count THEN $4::timestamptz END
           WHERE id = $1 AND status = 'signing' AND issued = $2 AND issued + $3 <= count`,
    values: [id, issued, labels.length, now],
  });
  if (rowCount !== 1) throw new Error(`print run ${id} was stopped, or continued by somebody else`);
}

/** One statement for all: serials as an array, the signatures as one string of bytes cut up by the database. */
async function insertLabels(
  client: PoolClient,
  { id, gtin }: PrintRunRow,
  { issued, labels }: Chunk,
): Promise<ReadonlySet<string>> {
  const serials = labels.map(({ serial }) => serial);
  const inserted = await client.query({
    name: 'insert-labels',
    text: `INSERT INTO label (gtin, serial, run_id, position, signature)
           SELECT $1, serial, $2::uuid, $3::int + n, substring($5::bytea FROM (n::int - 1) * 64 + 1 FOR 64)
           FROM unnest($4::text[]) WITH ORDINALITY AS u (serial, n)
           ON CONFLICT (gtin, serial) DO NOTHING`,
    values: [gtin, id, issued, serials, Buffer.concat(labels.map(({ signature }) => signature))],
  });
  if (inserted.rowCount === labels.length) return new Set();
  const kept = await client.query<{ serial: string }>(
    'SELECT serial FROM label WHERE run_id = $1 AND position > $2 AND serial = ANY($3)',
    [id, issued, serials],
  );
  const own = new Set(kept.rows.map(({ serial }) => serial));
  return new Set(serials.filter((serial, index) => !own.has(serial) || serials.indexOf(serial) !== index));
}

async function publishIssued(client: PoolClient, run: PrintRunRow, { labels }: Chunk, now: Date): Promise<void> {
  const { id: printRunId, batchId, productId, organisationId, gtin, lot, kid } = run;
  const shared = { printRunId, batchId, productId, organisationId, gtin, lot, kid, issuedAt: now.toISOString() };
  const serials = labels.map(({ serial }) => serial);
  await publish(sqlOf(client), LabelsIssued, run.id, { ...shared, serials }, now);
}
