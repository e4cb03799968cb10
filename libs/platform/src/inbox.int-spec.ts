import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AppError } from '#contracts';
import { createPool, currentContext, isUnavailable, withContext, type Sql } from '#platform';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { quiet } from '../test/harness.js';
import { Notes, sampleTables } from '../test/sample-service.js';

describe('the inbox', () => {
  let database: TestDatabase;
  let notes: Notes;

  beforeAll(async () => {
    database = await testDatabase('batch-tracking');
    notes = new Notes(createPool({ url: database.url, size: 2, service: 'spec' }, quiet()));
    await notes.pool.query(sampleTables);
  });
  afterAll(async () => {
    await notes.pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await notes.pool.query('TRUNCATE handled, inbox');
  });

  const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
  const note =
    (id: string, name: string) =>
    async (tx: Sql): Promise<void> => {
      await tx.$executeRaw`INSERT INTO handled (event_id, name) VALUES (${id}::uuid, ${name})`;
    };
  const rows = async (table: 'handled' | 'inbox'): Promise<{ id: string; transaction: string }[]> =>
    (await notes.pool.query(`SELECT event_id::text AS id, xmin::text AS transaction FROM ${table}`)).rows;
  const transactions = async (): Promise<number> =>
    new Set((await rows('inbox')).map(({ transaction }) => transaction)).size;

  it('lets events that come together share a transaction', async () => {
    const events = ids(30);
    await Promise.all(events.map((id) => notes.once({ id }, note(id, 'together'))));
    expect((await rows('handled')).map(({ id }) => id).sort()).toEqual([...events].sort());
    // The first one begins at once, the others share the next.
    expect(await transactions()).toBe(2);
  });

  it('handles an event once, however often and however written it comes', async () => {
    const [first = '', id = ''] = ids(2);
    const forms = [first, id, id.toUpperCase(), id];
    await Promise.all(forms.map((form) => notes.once({ id: form }, note(form, 'again'))));
    await notes.once({ id }, note(id, 'again'));
    for (const table of ['handled', 'inbox'] as const)
      expect((await rows(table)).map((row) => row.id).sort()).toEqual([first, id].sort());
  });

  it('keeps the failure of one event from the others', async () => {
    const events = ids(10);
    const ends = await Promise.allSettled(
      events.map((id, index) =>
        notes.once({ id }, async (tx) => {
          await note(id, 'in company')(tx);
          if (index === 4) throw new AppError('invalid', 'poison');
          if (index === 7) await tx.$executeRaw`INSERT INTO nowhere VALUES (1)`;
        }),
      ),
    );
    expect(ends.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([4, 7]);
    expect(ends[4]).toMatchObject({ reason: { message: 'poison' } });
    const kept = events.filter((_, index) => index !== 4 && index !== 7).sort();
    for (const table of ['handled', 'inbox'] as const)
      expect((await rows(table)).map(({ id }) => id).sort()).toEqual(kept);
  });

  it('lets the work of each event see its own context', async () => {
    const seen: string[] = [];
    await Promise.all(
      ids(5).map((id) =>
        withContext({ correlationId: id, causationId: id }, () =>
          notes.once({ id }, async () => void seen.push(`${id} ${currentContext()?.causationId}`)),
        ),
      ),
    );
    expect(seen).toHaveLength(5);
    for (const line of seen) expect(line).toMatch(/^(\S+) \1$/);
  });

  it('fails all of them at once when the database is away, and goes on when it is back', async () => {
    const away = new Notes(
      createPool({ url: 'postgresql://nobody@127.0.0.1:9/none', size: 2, service: 'spec' }, quiet()),
    );
    const ends = await Promise.allSettled(ids(50).map((id) => away.once({ id }, note(id, 'never'))));
    expect(ends.every((end) => end.status === 'rejected' && isUnavailable(end.reason))).toBe(true);
    await away.pool.end();

    const [id = ''] = ids(1);
    const lost = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    await expect(notes.once({ id }, () => Promise.reject(lost))).rejects.toBe(lost);
    await notes.once({ id }, note(id, 'at last'));
    expect(await rows('handled')).toHaveLength(1);
  });
});
