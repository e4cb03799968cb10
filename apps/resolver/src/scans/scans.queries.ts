import type { ClientBase } from 'pg';
import type { Scan } from '#contracts';

/** Verdicts after which the label is certainly the one that was issued, so that its openings are counted. */
const counted = ['VALID', 'VALID_STALE_TRUST', 'TRUST_EXPIRED', 'RECALLED', 'LABEL_VOID', 'ISSUED'];

/** Stores scans and adds them to the counters of their labels: two statements, however many scans. */
export async function insertScans(client: ClientBase, scans: readonly Scan[]): Promise<void> {
  const column = <K extends keyof Scan>(key: K): Scan[K][] => scans.map((scan) => scan[key]);
  const values = [column('at'), column('gtin'), column('lot'), column('serial'), column('verdict'), column('channel')];
  await client.query({
    name: 'insert-scans',
    text: `INSERT INTO scan (at, gtin, lot, serial, verdict, channel)
           SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    values,
  });
  await client.query({
    name: 'count-scans',
    text: `UPDATE label SET scans = label.scans + found.count, first_scan_at = coalesce(label.first_scan_at, found.first)
           FROM (
             SELECT gtin, serial, count(*)::int AS count, min(at) AS first
             FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[]) AS scan (at, gtin, serial, verdict)
             WHERE verdict = ANY($5::text[]) GROUP BY gtin, serial ORDER BY gtin, serial
           ) found
           WHERE label.gtin = found.gtin AND label.serial = found.serial`,
    values: [column('at'), column('gtin'), column('serial'), column('verdict'), counted],
  });
}
