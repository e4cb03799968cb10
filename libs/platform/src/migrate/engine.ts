import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationConnections } from './adapter.js';

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

/** What Prisma's schema engine does for us, on one database. */
export interface Engine {
  /** Applies those migrations that the database does not have yet and gives their names. */
  apply(migrations: Migration[]): Promise<string[]>;
  /** The SQL that leads from these migrations (none: from an empty database) to the schema; empty when they agree. */
  difference(migrations: Migration[]): Promise<string>;
}

/**
 * Works with Prisma's schema engine, in the form of WebAssembly that Prisma publishes on npm: the native one is a
 * download. It writes the ordinary `_prisma_migrations` table, so that `prisma migrate deploy` can take over.
 */
export async function withEngine<T>(
  url: string,
  files: SchemaFile[],
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  await (loading ??= load());
  const connections = migrationConnections(url);
  try {
    const datamodels = files.map((file): [string, string] => [file.path, file.content]);
    const adapter = bindMigrationAwareSqlAdapterFactory(connections.factory);
    return await work(engineOf(await glue.SchemaEngine.new({ datamodels }, () => undefined, adapter), files));
  } finally {
    await connections.close();
  }
}

function engineOf(engine: glue.SchemaEngine, files: SchemaFile[]): Engine {
  return {
    async apply(migrations) {
      const input = { migrationsList: migrationList(migrations), filters: nothingExternal };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    },
    async difference(migrations) {
      const { stdout } = await engine.diff({
        from: migrations.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: null,
        filters: nothingExternal,
      });
      return stdout === null || stdout.includes('-- This is an empty migration.') ? '' : stdout;
    },
  };
}

/** Instantiates the module by hand: its own entry file relies on imports of .wasm, which Node 20 does not have. */
async function load(): Promise<void> {
  const tell = (message: string) => process.stderr.write(`Prisma's schema engine failed: ${message}\n`);
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: tell } });
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const code = await readFile(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': { ...glue, ...timers() } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

/** The engine sets a timer of ten seconds and never clears it: it must not keep a process that has finished. */
function timers(): Record<string, unknown> {
  const names = Object.keys(glue).filter((name) => name.startsWith('__wbg_setTimeout_'));
  const setTimer = (run: () => void, milliseconds: number) => setTimeout(run, milliseconds).unref();
  return Object.fromEntries(names.map((name) => [name, setTimer]));
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
