import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { askToStop, clearStale, createCluster, findBinaries, spawnServer } from './postgres-server.js';
import { serverUser } from './postgres-user.js';

const usualPort = 54_320;
const largestLog = 10_000_000;
const superuser = 'postgres';

/** For one machine and a handful of connections; nothing that makes a commit less durable. */
const usualSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The details of an error quote rows, and rows hold personal data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

export interface PostgresOptions {
  /** Holds the cluster, the passwords and the log; made when missing. */
  dataDir: string;
  /** Taken if it is free, else any other. */
  port?: number;
  /** Server settings on top of the usual ones. */
  settings?: Record<string, string>;
  onProgress?: (line: string) => void;
}

export interface Postgres {
  port: number;
  /** The superuser's address of the database `postgres`. */
  adminUrl: string;
  /** The address of a database for the role that owns it. */
  url(database: string): string;
  /** Makes a database and the role of the same name that owns it, unless they are there; gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server and waits until it has stopped. */
  stop(): Promise<void>;
  /** Settles when the server has ended, asked or not. */
  exited: Promise<void>;
}

/** Starts a PostgreSQL of our own on the loopback interface. It ends with `stop()`, or when this process ends. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { onProgress = () => undefined } = options;
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  const logFile = join(dataDir, 'postgres.log');
  mkdirSync(dataDir, { recursive: true });
  const binaries = await findBinaries();
  const user = serverUser([dataDir, dirname(binaries.postgres)]);
  const passwords = openPasswords(join(dataDir, 'passwords.json'));
  const password = passwords.of(superuser);
  if (!existsSync(cluster)) {
    onProgress('Making the database…');
    createCluster(binaries, user, cluster, password);
  }
  await clearStale(cluster, onProgress);
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > largestLog) truncateSync(logFile);

  const port = await freePort(options.port ?? usualPort);
  const settings = { ...usualSettings, ...options.settings, port: String(port) };
  const child = spawnServer(binaries, user, cluster, logFile, settings);
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()).once('error', () => settle()));
  const url = (database: string, role = database) =>
    `postgresql://${role}:${passwords.of(role)}@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    askToStop(binaries, cluster, child);
    await exited;
  };
  const adminUrl = url('postgres', superuser);
  await untilReady(adminUrl, child, logFile).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const createDatabase = (name: string) => makeDatabase(adminUrl, name, passwords.of(name)).then(() => url(name));
  return { port, adminUrl, url: (database) => url(database), createDatabase, stop, exited };
}

/** A file of generated passwords, readable by its owner only. */
function openPasswords(file: string): { of(role: string): string } {
  const known = new Map<string, string>();
  if (existsSync(file)) {
    const stored = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
    Object.entries(stored).forEach(([role, password]) => known.set(role, password));
  }
  return {
    of(role) {
      const password = known.get(role) ?? randomBytes(24).toString('hex');
      if (known.has(role)) return password;
      known.set(role, password);
      writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(known), null, 2), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return password;
    },
  };
}

/** This port if nobody listens on it, else one that the system picks. */
async function freePort(wanted: number): Promise<number> {
  const listen = (port: number) =>
    new Promise<number>((settle, fail) => {
      const server = createServer().once('error', fail);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => settle(typeof address === 'object' && address ? address.port : port));
      });
    });
  return listen(wanted).catch(() => listen(0));
}

/** Waits for the first answer; after a crash the server first replays its log, which can take a while. */
async function untilReady(adminUrl: string, child: ChildProcess, logFile: string): Promise<void> {
  const started = Date.now();
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      const log = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
      throw new Error(`The database server did not start. Its last words (${logFile}):\n${log}`);
    }
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    const failure = await client.connect().then(() => client.end(), String);
    if (failure === undefined) return;
    if (Date.now() - started > 120_000) throw new Error(`The database server does not answer: ${failure}`);
    await wait(50);
  }
}

async function makeDatabase(adminUrl: string, name: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  const id = client.escapeIdentifier(name);
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    const verb = role.rowCount ? 'ALTER' : 'CREATE';
    await client.query(`${verb} ROLE ${id} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!database.rowCount) await client.query(`CREATE DATABASE ${id} OWNER ${id}`);
    await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${id}, postgres, template1 FROM PUBLIC`);
  } finally {
    await client.end();
  }
}
