import type { ClientBase } from 'pg';

/** The part of a Prisma client or transaction that the platform's own tables are kept with. */
export interface Sql {
  $queryRaw<T = unknown>(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<T>;
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>;
}

/** A database that can run a piece of work in one transaction, as Prisma's client does. */
export interface Transactional<Tx extends Sql> {
  $transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** The same face over a bare `pg` client, for the paths where Prisma is too slow. */
export function sqlOf(client: ClientBase): Sql {
  const run = (query: TemplateStringsArray, values: unknown[]) =>
    client.query(
      query.reduce((text, part, index) => `${text}$${index}${part}`),
      values,
    );
  return {
    $queryRaw: async <T>(query: TemplateStringsArray, ...values: unknown[]) => (await run(query, values)).rows as T,
    $executeRaw: async (query, ...values) => (await run(query, values)).rowCount ?? 0,
  };
}
