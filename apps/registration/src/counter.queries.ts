import type { Tx } from './database.js';

/**
 * The next number of a series, 1 first. The row stays locked until the transaction ends, so that numbers
 * have no gaps: one that rolls back gives its number to the next.
 */
export async function nextNumber(tx: Tx, series: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ value: number }[]>`
    INSERT INTO counter (name, value) VALUES (${series}, 1)
    ON CONFLICT (name) DO UPDATE SET value = counter.value + 1
    RETURNING value`;
  if (row === undefined) throw new Error(`series ${series} gave no number`);
  return row.value;
}
