import { z } from 'zod';
import { uuid } from '#contracts';

/** The part of every list's query that asks for one page. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: uuid.optional().meta({ description: '`nextCursor` of the page before' }),
};

/** A page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ items: z.array(item), nextCursor: uuid.nullable() });

/**
 * What a query for one page adds to Prisma's arguments: newest first, since ids of version 7 sort by time.
 * It takes one row too many, which tells {@link toPage} whether there is another page.
 */
export const newestFirst = ({ limit, cursor }: { limit: number; cursor?: string | undefined }) => ({
  ...(cursor === undefined ? {} : { cursor: { id: cursor }, skip: 1 }),
  orderBy: { id: 'desc' as const },
  take: limit + 1,
});

/** The page out of `limit + 1` rows. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A condition for a column of lower-case text; `%` and `_` stand for themselves. */
export const containing = (text: string) => ({ contains: text.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`) });

/** Every given text in lower case, one a line: what {@link containing} looks into. */
export const searchTextOf = (texts: readonly (string | undefined)[]): string =>
  texts
    .filter((text) => text !== undefined)
    .join('\n')
    .toLowerCase();
