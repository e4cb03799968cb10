import { readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { ServiceName } from '#contracts';
import { withEngine, type Migration, type SchemaFile } from './engine.js';

/** Held while a database is migrated, so that two processes starting at once do not do it twice. */
const migrationLock = 7_205_759_401;

export interface MigrateOptions {
  service: ServiceName;
  databaseUrl: string;
  /** The folder that holds `prisma/`; the project's own when not given. */
  root?: string;
}

/** Brings a service's database up to its newest migration and gives the names of those that were applied. */
export async function migrate({ service, databaseUrl, root = projectRoot() }: MigrateOptions): Promise<string[]> {
  const [schema, migrations] = await Promise.all([readSchema(service, root), readMigrations(service, root)]);
  const holder = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return await withEngine(databaseUrl, schema, (engine) => engine.apply(migrations));
  } finally {
    await holder.end();
  }
}

/** The SQL that makes a service's tables, as its schema files describe them, in an empty database. */
export async function schemaSql(service: ServiceName, databaseUrl: string, root = projectRoot()): Promise<string> {
  return withEngine(databaseUrl, await readSchema(service, root), (engine) => engine.difference([]));
}

/**
 * The SQL that leads from a service's migrations to its schema files; empty when they agree.
 * The migrations are played into a database made for it, so the role of `databaseUrl` must be able to create one.
 */
export async function missingSql(service: ServiceName, databaseUrl: string, root = projectRoot()): Promise<string> {
  const [schema, migrations] = await Promise.all([readSchema(service, root), readMigrations(service, root)]);
  return withEngine(databaseUrl, schema, (engine) => engine.difference(migrations));
}

/** A service's schema: the tables of the platform, which every database has, and its own. */
export async function readSchema(service: ServiceName, root = projectRoot()): Promise<SchemaFile[]> {
  const paths = [join('prisma', service, 'schema.prisma'), join('prisma', 'platform.prisma')];
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(join(root, path), 'utf8') })));
}

/** A service's migrations, oldest first. */
export async function readMigrations(service: ServiceName, root = projectRoot()): Promise<Migration[]> {
  const folder = join(root, 'prisma', service, 'migrations');
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

/** The nearest folder above this file that has a package.json: the same from the sources and from dist. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
