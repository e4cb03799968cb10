import { AppError } from '#contracts';
import { currentContext } from '../context.js';
import type { Sql, Transactional } from './sql.js';

/** Carries the first answer of a request that was sent again to the edge, past the work itself. */
export class Replay extends Error {
  constructor(readonly response: unknown) {
    super('replay');
  }
}

/**
 * One use case: `work`, its outbox entries and the record of its Idempotency-Key commit together or not at all.
 * @throws {Replay} when the same request with the same key was already answered
 * @throws {AppError} `conflict` when the key was used for another request
 */
export async function transact<Tx extends Sql, T>(db: Transactional<Tx>, work: (tx: Tx) => Promise<T>): Promise<T> {
  const claim = currentContext()?.idempotency;
  if (claim === undefined || claim.claimed) return db.$transaction(work);
  claim.claimed = true;
  return db.$transaction(async (tx) => {
    const { scope, key, requestHash } = claim;
    const claimed = await tx.$executeRaw`
      INSERT INTO idempotency_key (scope, key, request_hash) VALUES (${scope}, ${key}, ${requestHash})
      ON CONFLICT DO NOTHING`;
    if (claimed === 0) throw await earlierAnswer(tx, scope, key, requestHash);
    const result = await work(tx);
    const response = JSON.stringify(result ?? null);
    await tx.$executeRaw`UPDATE idempotency_key SET response = ${response} WHERE scope = ${scope} AND key = ${key}`;
    return result;
  });
}

async function earlierAnswer(tx: Sql, scope: string, key: string, requestHash: string): Promise<Error> {
  const [row] = await tx.$queryRaw<{ request_hash: string; response: string | null }[]>`
    SELECT request_hash, response FROM idempotency_key WHERE scope = ${scope} AND key = ${key}`;
  if (row?.request_hash !== requestHash)
    return new AppError('conflict', 'this Idempotency-Key was already used for another request');
  return new Replay(JSON.parse(row.response ?? 'null'));
}
