import { AppError, localizedText, type LocalizedText } from '#contracts';
import type { Tx } from '../database.js';
import type { Prisma } from '../generated/prisma/client.js';
import { labelAttributes, printRun, sheetFacts, type PrintRun, type SheetFacts } from './print-run.schemas.js';

export type PrintRunRow = Prisma.PrintRunGetPayload<object>;
export type BatchRow = Prisma.BatchGetPayload<object>;

/** The batch, locked: runs of one batch are decided one after the other. */
export async function lockBatch(tx: Tx, id: string): Promise<BatchRow> {
  await tx.$executeRaw`SELECT 1 FROM batch WHERE id = ${id}::uuid FOR UPDATE`;
  const batch = await tx.batch.findUnique({ where: { id } });
  if (batch === null) throw new AppError('not-found', `no released batch ${id} is known here`);
  return batch;
}

/** Labels that a batch has or is about to have, without the void ones. */
export async function committedLabels(tx: Tx, batchId: string): Promise<number> {
  const rows = await tx.$queryRaw<{ committed: number }[]>`
    SELECT coalesce(sum(CASE status WHEN 'stopped' THEN issued ELSE count END - voided), 0)::int AS committed
    FROM print_run WHERE batch_id = ${batchId}::uuid`;
  return rows[0]?.committed ?? 0;
}

/** The shape of the answer from a row. */
export function toPrintRun(row: PrintRunRow): PrintRun {
  return printRun.parse({
    ...row,
    createdAt: row.createdAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
  });
}

/** What all labels of a run share, typed. */
export interface RunTemplate {
  host: string;
  baseUrl: string | null;
  gtin: string;
  lot: string;
  attributes: Record<string, string>;
  kid: string;
  iat: number;
}

export function templateOf(row: PrintRunRow): RunTemplate {
  const { host, baseUrl, gtin, lot, kid, iat } = row;
  return { host, baseUrl, gtin, lot, kid, iat, attributes: labelAttributes.parse(row.attributes) };
}

export const factsOf = (row: PrintRunRow): SheetFacts => sheetFacts.parse(row.facts);

/** Names out of a JSON column. */
export const namesOf = (value: unknown): LocalizedText => localizedText.parse(value);
