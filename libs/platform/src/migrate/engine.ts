import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The part that is used here; Node has it, the type libraries without a browser's DOM have not. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const nothingExternal = { externalTables: [], externalEnums: [] };
let loading: Promise<void> | undefined;

/** One file of a Prisma schema. */
export interface SchemaFile {
  path: string;
  content: string;
}

/** One migration: the name of its folder and its SQL. */
export interface Migration {
  name: string;
  sql: string;
}

/** What Prisma's schema engine does for us, on the database of one pool. */
export interface Engine {
  /** Applies those migrations that the database does not have yet and gives their names. */
  apply(migrations: Migration[]): Promise<string[]>;
  /** The SQL that leads from these migrations (none: from an empty database) to the schema. */
  difference(migrations: Migration[]): Promise<string>;
}

/**
 * Prisma's schema engine, in the form of WebAssembly that Prisma publishes on npm: the native one is a download.
 * It writes the ordinary `_prisma_migrations` table, so that `prisma migrate deploy` can take over.
 */
export async function openEngine(pool: Pool, schema: SchemaFile[]): Promise<Engine> {
  await (loading ??= load());
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  const datamodels = schema.map((file): [string, string] => [file.path, file.content]);
  const engine = await glue.SchemaEngine.new({ datamodels }, () => undefined, adapter);
  return {
    async apply(migrations) {
      const input = { migrationsList: migrationList(migrations), filters: nothingExternal };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    },
    async difference(migrations) {
      const result = await engine.diff({
        from: migrations.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files: schema },
        script: true,
        exitCode: null,
        filters: nothingExternal,
      });
      return result.stdout ?? '';
    },
  };
}

/** Instantiates the module by hand: its own entry file relies on imports of .wasm, which Node 20 does not have. */
async function load(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const code = await readFile(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

function migrationList(migrations: Migration[]): glue.MigrationList {
  return {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
