import type { Tx } from '../database.js';

export interface StoredLabel {
  position: number;
  serial: string;
  signature: Uint8Array;
  state: 'issued' | 'void';
}

/** Labels of a run after a position, in order. */
export function labelsAfter(tx: Tx, runId: string, position: number, limit: number): Promise<StoredLabel[]> {
  return tx.$queryRaw<StoredLabel[]>`
    SELECT position, serial, signature, state FROM label
    WHERE run_id = ${runId}::uuid AND position > ${position} ORDER BY position LIMIT ${limit}`;
}

export interface FoundLabel {
  serial: string;
  state: 'issued' | 'void';
  runId: string;
}

/** The labels of these serials; their runs are locked first, always in the same order, and then they themselves. */
export async function lockLabels(tx: Tx, gtin: string, serials: readonly string[]): Promise<FoundLabel[]> {
  await tx.$executeRaw`
    SELECT 1 FROM print_run WHERE id IN (SELECT run_id FROM label WHERE gtin = ${gtin} AND serial = ANY(${serials}))
    ORDER BY id FOR UPDATE`;
  return tx.$queryRaw<FoundLabel[]>`
    SELECT serial, state, run_id AS "runId" FROM label WHERE gtin = ${gtin} AND serial = ANY(${serials})
    ORDER BY run_id, position FOR UPDATE`;
}

/** Makes labels of one run void and counts them there. */
export async function markVoid(tx: Tx, runId: string, gtin: string, serials: readonly string[]): Promise<void> {
  await tx.$executeRaw`UPDATE label SET state = 'void' WHERE gtin = ${gtin} AND serial = ANY(${serials})`;
  await tx.$executeRaw`UPDATE print_run SET voided = voided + ${serials.length}::int WHERE id = ${runId}::uuid`;
}
