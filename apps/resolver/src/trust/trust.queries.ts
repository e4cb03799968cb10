import type { Pool } from 'pg';
import type { Tx } from '../database.js';

/** A verified bundle as it is stored and served. */
export interface StoredBundle {
  seq: number;
  jws: string;
}

/** What earlier bundles have bound this service to. */
export interface Pins {
  keyHashes: Set<string>;
  crlNumbers: Map<string, bigint>;
}

export interface BundlePart {
  seq: number;
  part: number;
  parts: number;
  content: string;
}

/** Keeps a part and gives the whole text back when it was the last one missing. */
export async function addPart(tx: Tx, { seq, part, parts, content }: BundlePart): Promise<string | undefined> {
  await tx.$executeRaw`
    INSERT INTO trust_bundle_part (seq, part, parts, content) VALUES (${seq}, ${part}, ${parts}, ${content})
    ON CONFLICT DO NOTHING`;
  const found = await tx.$queryRaw<{ content: string }[]>`
    SELECT content FROM trust_bundle_part WHERE seq = ${seq} AND parts = ${parts} ORDER BY part`;
  return found.length === parts ? found.map((row) => row.content).join('') : undefined;
}

/** Stores a verified bundle; parts of it and of older ones, and older bundles but the last few, are let go. */
export async function saveBundle(
  tx: Tx,
  bundle: StoredBundle & { issuedAt: Date; nextUpdate: Date },
  now: Date,
): Promise<void> {
  const { seq, jws, issuedAt, nextUpdate } = bundle;
  await tx.$executeRaw`
    INSERT INTO trust_bundle (seq, issued_at, next_update, jws, opened_at)
    VALUES (${seq}, ${issuedAt}, ${nextUpdate}, ${jws}, ${now}) ON CONFLICT (seq) DO NOTHING`;
  await tx.$executeRaw`DELETE FROM trust_bundle_part WHERE seq <= ${seq}`;
  await tx.$executeRaw`DELETE FROM trust_bundle WHERE seq < ${seq - 10}`;
}

/** Binds the service to roots, and to CRL numbers that never fall. */
export async function savePins(tx: Tx, pins: Pins, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO trust_root (key_hash, pinned_at)
    SELECT key_hash, ${now} FROM unnest(${[...pins.keyHashes]}::text[]) AS key_hash ON CONFLICT DO NOTHING`;
  const numbers = [...pins.crlNumbers.values()].map(String);
  await tx.$executeRaw`
    INSERT INTO crl_number (issuer_key_hash, number)
    SELECT * FROM unnest(${[...pins.crlNumbers.keys()]}::text[], ${numbers}::text[]::numeric[])
    ON CONFLICT (issuer_key_hash) DO UPDATE SET number = greatest(crl_number.number, excluded.number)`;
}

/** The pins, locked against a second bundle that arrives at the same time. */
export async function lockPins(tx: Tx): Promise<Pins> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('trust-bundle'))`;
  const roots = await tx.$queryRaw<{ hash: string }[]>`SELECT key_hash AS hash FROM trust_root`;
  const numbers = await tx.$queryRaw<NumberRow[]>`SELECT issuer_key_hash AS issuer, number::text FROM crl_number`;
  return toPins(roots, numbers);
}

export async function findPins(pool: Pool): Promise<Pins> {
  const roots = await pool.query<{ hash: string }>('SELECT key_hash AS hash FROM trust_root');
  const numbers = await pool.query<NumberRow>('SELECT issuer_key_hash AS issuer, number::text FROM crl_number');
  return toPins(roots.rows, numbers.rows);
}

/** The newest bundle above `seq`; undefined when there is none. */
export async function findNewerBundle(pool: Pool, seq: number): Promise<StoredBundle | undefined> {
  const { rows } = await pool.query<StoredBundle>({
    name: 'newer-bundle',
    text: 'SELECT seq, jws FROM trust_bundle WHERE seq > $1 ORDER BY seq DESC LIMIT 1',
    values: [seq],
  });
  return rows[0];
}

interface NumberRow {
  issuer: string;
  number: string;
}

function toPins(roots: { hash: string }[], numbers: NumberRow[]): Pins {
  return {
    keyHashes: new Set(roots.map(({ hash }) => hash)),
    crlNumbers: new Map(numbers.map(({ issuer, number }) => [issuer, BigInt(number)])),
  };
}
