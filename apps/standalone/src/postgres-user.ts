import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** PostgreSQL refuses to run as root; started by root it runs as this user. */
const systemUser = 'postgres';

/** As whom the server's programs run, and how to start one so. */
export interface ServerUser {
  /** Owner for the server's files; not given when it is the user that runs us. */
  owner?: { uid: number; gid: number };
  /** The command line that runs a program as that user. */
  command(program: string, args: string[]): { program: string; args: string[]; uid?: number; gid?: number };
}

/**
 * Ordinary users run the server themselves. Root hands it to the user `postgres`, which is made when missing.
 * That user cannot enter a folder that is root's alone (a clone under /root, say); then it keeps the one
 * capability that walks through such folders.
 */
export function serverUser(paths: string[]): ServerUser {
  if (process.platform === 'win32' || process.getuid?.() !== 0) {
    return { command: (program, args) => ({ program, args }) };
  }
  const owner = findUser() ?? createUser();
  const closed = paths.flatMap(withParents).find((path) => !isOpenTo(owner, path));
  if (closed === undefined) return { owner, command: (program, args) => ({ program, args, ...owner }) };
  const capability = passingCapability(closed);
  const drop = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const keep = keeping(capability);
  return { owner, command: (program, args) => ({ program: 'setpriv', args: [...drop, ...keep, program, ...args] }) };
}

function findUser(): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${systemUser}:`));
  if (line === undefined) return undefined;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function createUser(): { uid: number; gid: number } {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', systemUser], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root, and the user "${systemUser}" could not be made for it: start as an ordinary user.`,
      { cause },
    );
  }
  const made = findUser();
  if (!made) throw new Error(`useradd made no user "${systemUser}": start as an ordinary user.`);
  return made;
}

/** The path (or, where it is still to be made, its first folder that exists) and every folder above it. */
function withParents(path: string): string[] {
  const above = dirname(path);
  const rest = above === path ? [] : withParents(above);
  return existsSync(path) ? [path, ...rest] : rest;
}

function isOpenTo(owner: { uid: number; gid: number }, path: string): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === owner.uid) return (mode & 0o100) !== 0;
  if (gid === owner.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** The narrowest capability that passes closed folders and that this process may hand on (containers differ). */
function passingCapability(closed: string): string {
  for (const capability of ['dac_read_search', 'dac_override']) {
    if (spawnSync('setpriv', [...keeping(capability), 'true'], { stdio: 'ignore' }).status === 0) return capability;
  }
  throw new Error(
    `PostgreSQL does not run as root, and the user "${systemUser}" cannot enter ${closed}: ` +
      'start as an ordinary user, or from a folder that others may enter.',
  );
}

/**
 * Options of setpriv that leave one capability when root becomes another user; the program that is started then has
 * this one and no more. Without the bit, access(2), by which PostgreSQL looks for its own parts, would not count it.
 */
function keeping(capability: string): string[] {
  return ['--securebits=+no_setuid_fixup', `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`];
}
