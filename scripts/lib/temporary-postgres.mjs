import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Nothing in it has to survive anything. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' };

/**
 * Starts a PostgreSQL for the time of a task; what was in it is gone with `stop()`. Needs compiled code.
 * With `settings` of `{}` its commits are as durable as in use.
 */
export async function temporaryPostgres(settings = careless) {
  const { startPostgres } = await import(join(root, 'dist', 'apps', 'standalone', 'src', 'postgres.js'));
  const dataDir = mkdtempSync(join(tmpdir(), 'ovop-trace-postgres-'));
  chmodSync(dataDir, 0o711);
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({ dataDir, port: 0, settings });
    return { ...postgres, stop: () => postgres.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
