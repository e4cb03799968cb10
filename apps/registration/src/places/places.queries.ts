import { invalid, place as placeSchema, type Place } from '#contracts';
import type { Tx } from '../database.js';
import type { PlaceAnswer } from './place.schemas.js';

/** The shape of the contract from a row of the table. */
export function toPlace(row: object & { validFrom: Date | null; validTo: Date | null }): Place {
  const day = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null;
  return placeSchema.parse({ ...row, validFrom: day(row.validFrom), validTo: day(row.validTo) });
}

/** The parents of each place, nearest first, in one query. */
export async function ancestorsOf(tx: Tx, ids: string[]): Promise<Map<string, PlaceAnswer['path']>> {
  const rows = await tx.$queryRaw<({ start: string } & PlaceAnswer['path'][number])[]>`
    WITH RECURSIVE up AS (
      SELECT id AS start, parent_id, 1 AS depth FROM place WHERE id = ANY(${ids}::uuid[])
      UNION ALL
      SELECT up.start, parent.parent_id, depth + 1 FROM up JOIN place parent ON parent.id = up.parent_id
    )
    SELECT up.start, parent.id, parent.level, parent.names, parent.code
    FROM up JOIN place parent ON parent.id = up.parent_id ORDER BY up.start, up.depth`;
  const paths = new Map<string, PlaceAnswer['path']>();
  for (const { start, ...parent } of rows) paths.set(start, [...(paths.get(start) ?? []), parent]);
  return paths;
}

/** The place that a field of a request names. */
export async function namedPlace(tx: Tx, field: string, id: string): Promise<Place> {
  const row = await tx.place.findUnique({ where: { id } });
  if (row === null) throw invalid(field, `there is no place ${id}`);
  return toPlace(row);
}
