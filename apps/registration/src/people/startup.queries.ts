import type { Tx } from '../database.js';

const startupLock = 0x7265_67;

/** Lets processes that start at the same moment do what is done once one after the other. */
export async function takeTurns(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${startupLock})`;
}
