import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { migrate, missingSql, projectRoot, schemaSql } from './migrate.js';

describe('migrations', () => {
  let root: string;
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase('resolver');
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'migrations-'));
    await mkdir(join(root, 'prisma', 'resolver'), { recursive: true });
    await cp(join(projectRoot(), 'prisma', 'platform.prisma'), join(root, 'prisma', 'platform.prisma'));
    await writeFile(
      join(root, 'prisma', 'resolver', 'schema.prisma'),
      'datasource db {\n  provider = "postgresql"\n}\nmodel Village {\n  id Int @id\n  name String @unique\n}\n',
    );
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });

  afterEach(() => rm(root, { recursive: true }));

  async function addMigration(name: string, sql: string): Promise<void> {
    const folder = join(root, 'prisma', 'resolver', 'migrations', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'migration.sql'), sql);
  }

  const run = () => migrate({ service: 'resolver', databaseUrl: database.url, root });
  const tables = async () =>
    (await client.query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
      .rows;

  it('applies each migration once, also when two processes start at the same moment', async () => {
    await addMigration('1_first', await schemaSql('resolver', database.url, root));
    const names = (await Promise.all([run(), run(), run()])).flat();
    expect(names).toEqual(['1_first']);
    await addMigration('2_second', 'ALTER TABLE "Village" ADD COLUMN code text');
    expect(await run()).toEqual(['2_second']);
    expect(await run()).toEqual([]);
  });

  it('takes functions, with semicolons inside', async () => {
    await addMigration(
      '1_function',
      "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$; COMMENT ON FUNCTION one IS 'a;b'",
    );
    await run();
    expect((await client.query('SELECT one() AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('leaves nothing of a migration that fails half way', async () => {
    await addMigration('1_broken', 'CREATE TABLE half (id int); CREATE TABLE half (id int)');
    await expect(run()).rejects.toThrow(/half.*already exists/s);
    expect(await tables()).not.toContainEqual({ relname: 'half' });
  });

  it('knows what the migrations lack, and that nothing is lacking', async () => {
    expect(await missingSql('resolver', database.url, root)).toContain('CREATE TABLE "Village"');
    await addMigration('1_first', await schemaSql('resolver', database.url, root));
    expect(await missingSql('resolver', database.url, root)).toBe('');
    await addMigration('2_less', 'DROP INDEX "Village_name_key"');
    expect(await missingSql('resolver', database.url, root)).toContain('CREATE UNIQUE INDEX "Village_name_key"');
  });

  it('lets migrations have what a Prisma schema cannot say', async () => {
    await addMigration('1_first', await schemaSql('resolver', database.url, root));
    await addMigration(
      '2_raw',
      `ALTER TABLE "Village" ADD CHECK (id > 0);
       CREATE INDEX village_named ON "Village" (id) WHERE name <> '';
       CREATE INDEX village_lower ON "Village" (lower(name))`,
    );
    expect(await missingSql('resolver', database.url, root)).toBe('');
  });
});
