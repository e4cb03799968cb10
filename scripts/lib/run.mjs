import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The root of the checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** The four services, each with a schema, a database and a process of its own. */
export const services = ['registration', 'batch-tracking', 'labeling', 'resolver'];

/** A failure whose message is all that a reader needs. */
export class Failure extends Error {}

/** Prints a line of progress. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs a script's main function: a Failure ends the process with its sentence, anything else with its stack.
 * Does nothing when the file is imported instead of started.
 */
export async function main(url, run) {
  if (!process.argv[1] || url !== pathToFileURL(realpathSync(process.argv[1])).href) return;
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** Runs node with these arguments to its end, quietly; what it printed becomes the failure's message. */
export function node(args, { env = {}, cwd = root, failure }) {
  const done = spawnSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (done.status !== 0) throw new Failure(`${failure}\n${done.stdout ?? ''}${done.stderr ?? ''}`.trimEnd());
  return done.stdout;
}

/** Runs node with these arguments in the foreground and gives its exit code; signals sent to us reach it too. */
export function nodeInForeground(args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM'];
    signals.forEach((signal) => process.on(signal, pass));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      signals.forEach((name) => process.off(name, pass));
      resolve(signal ? 1 : code);
    });
  });
}

/** Stops this process as a signal would when npm, which started it, is gone: npm passes no signal on. */
export function endWithParent() {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref();
}

/** The path of a program of this name on PATH, or undefined. */
export function findProgram(name) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix))).find(existsSync);
}
