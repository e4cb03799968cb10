import type { Pool } from 'pg';
import type { RegisterEntry } from './verdict.rules.js';

const columns = `
  batch.id AS "batchId", coalesce(batch.recalled, false) AS recalled,
  label.voided_at AS "voidedAt", label.void_reason AS "voidReason", label.scans, label.first_scan_at AS "firstScanAt"`;
const joined = `
  LEFT JOIN print_run ON print_run.id = label.print_run_id
  LEFT JOIN batch ON batch.id = print_run.batch_id`;
const one = `SELECT ${columns} FROM label ${joined} WHERE label.gtin = $1 AND label.serial = $2`;
const several = `
  SELECT wanted.place::int, ${columns}
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (gtin, serial, place)
  JOIN label ON label.gtin = wanted.gtin AND label.serial = wanted.serial ${joined}`;

/** One label's name in the register. */
export interface LabelKey {
  gtin: string;
  serial: string;
}

/** The label's entry by primary keys, prepared: this is the one query of a scan. */
export async function findLabel(pool: Pool, { gtin, serial }: LabelKey): Promise<RegisterEntry | undefined> {
  const { rows } = await pool.query<RegisterEntry>({ name: 'label', text: one, values: [gtin, serial] });
  return rows[0];
}

/** The entries of several labels in one query, each at the place of its key. */
export async function findLabels(pool: Pool, keys: readonly LabelKey[]): Promise<(RegisterEntry | undefined)[]> {
  const values = [keys.map(({ gtin }) => gtin), keys.map(({ serial }) => serial)];
  const { rows } = await pool.query<RegisterEntry & { place: number }>({ name: 'labels', text: several, values });
  const found = new Map(rows.map(({ place, ...entry }) => [place, entry]));
  return keys.map((_, i) => found.get(i + 1));
}

/** The batch of a signed label that the register does not list (yet). */
export async function findBatch(
  pool: Pool,
  gtin: string,
  lot: string,
): Promise<{ batchId: string; recalled: boolean } | undefined> {
  const { rows } = await pool.query<{ batchId: string; recalled: boolean }>({
    name: 'batch-of-lot',
    text: 'SELECT id AS "batchId", recalled FROM batch WHERE gtin = $1 AND lot = $2 ORDER BY as_of DESC LIMIT 1',
    values: [gtin, lot],
  });
  return rows[0];
}

/** Serials are unique per GTIN only: a typed code can mean several labels. */
export async function findBySerial(pool: Pool, serial: string): Promise<{ gtin: string; names: unknown }[]> {
  const { rows } = await pool.query<{ gtin: string; names: unknown }>({
    name: 'label-by-serial',
    text: `SELECT DISTINCT ON (label.gtin) label.gtin, product.data->'names' AS names
           FROM label LEFT JOIN product ON product.gtin = label.gtin
           WHERE label.serial = $1 ORDER BY label.gtin LIMIT 20`,
    values: [serial],
  });
  return rows;
}
