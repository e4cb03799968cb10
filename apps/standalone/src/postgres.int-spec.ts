import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startPostgres, type Postgres } from './postgres.js';

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let running: Postgres | undefined;

  beforeEach(() => {
    // Readable by its owner alone, as a folder for data ought to be.
    dataDir = mkdtempSync(join(tmpdir(), 'postgres-spec-'));
  });

  afterEach(async () => {
    await running?.stop();
    rmSync(dataDir, { recursive: true });
  });

  async function start(port = 0): Promise<Postgres> {
    running = await startPostgres({ dataDir, port, settings: { shared_buffers: '16MB' } });
    return running;
  }

  async function query(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined); // the server is killed in one of the tests
    await client.connect();
    return client.query(sql).then(
      ({ rows }) => client.end().then(() => rows),
      async (error: unknown) => {
        await client.end();
        throw error;
      },
    );
  }

  it('keeps data and passwords over a restart, and the passwords to itself', async () => {
    const first = await start();
    const url = new URL(await first.createDatabase('labeling'));
    await query(url.href, "CREATE TABLE kept AS SELECT 'Ысык-Көл' AS name");
    await first.stop();
    const second = await start();
    const again = new URL(await second.createDatabase('labeling'));
    expect(again.password).toBe(url.password);
    expect(await query(again.href, 'SELECT name FROM kept')).toEqual([{ name: 'Ысык-Көл' }]);
    expect(statSync(join(dataDir, 'passwords.json')).mode & 0o777).toBe(0o600);
  });

  it('gives each service a role that can enter no database but its own', async () => {
    const postgres = await start();
    const labeling = new URL(await postgres.createDatabase('labeling'));
    await postgres.createDatabase('resolver');
    for (const other of ['resolver', 'postgres']) {
      labeling.pathname = other;
      await expect(query(labeling.href, 'SELECT 1')).rejects.toThrow('permission denied');
    }
    labeling.pathname = 'labeling';
    labeling.password = 'wrong';
    await expect(query(labeling.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('takes another port when the wanted one is taken', async () => {
    const other = createServer();
    const taken = await new Promise<number>((listening) => {
      other.listen(0, '127.0.0.1', () => listening(Number(Object(other.address()).port)));
    });
    const postgres = await start(taken);
    expect(postgres.port).not.toBe(taken);
    expect(await query(postgres.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    other.close();
  });

  it('starts again after it was killed, with all that was committed', async () => {
    const first = await start();
    const url = await first.createDatabase('labeling');
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS number');
    const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
    const leftover = readFileSync(pidFile, 'utf8');
    process.kill(Number(leftover.split('\n')[0]), 'SIGKILL');
    await first.exited;
    // As if the machine had lost its power, and the number belonged to another process now.
    writeFileSync(pidFile, leftover.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await query(second.url('labeling'), 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
  });
});
