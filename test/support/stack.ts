import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export const root = join(import.meta.dirname, '..', '..');

/** The two ways to run: one process with local events, or a process a service with Kafka between them. */
export const modes = ['standalone', 'distributed'] as const;
export type Mode = (typeof modes)[number];

const demo = z.object({
  baseUrl: z.url(),
  accounts: z.array(z.object({ role: z.string(), login: z.string(), password: z.string() })),
  apiKey: z.string().startsWith('ovop_'),
  sheetPdf: z.string(),
  labels: z.array(z.string()).min(1),
  trustBundle: z.string(),
});
const connections = z.object({ databases: z.record(z.string(), z.string()), brokers: z.string().nullable() });

/** The whole system, started the way its README says, with its demonstration data. */
export interface Stack {
  mode: Mode;
  demo: z.infer<typeof demo>;
  dataDir: string;
  databases: Record<string, string>;
  brokers: string | null;
  /** Kills a service's process as a power cut would; it comes back by itself, or by `restart` where all share one. */
  kill(service: string): Promise<void>;
  /** Stops the system and removes its data. */
  stop(): Promise<void>;
}

const starts: Record<Mode, string[]> = {
  standalone: ['dist/apps/standalone/src/main.js'],
  distributed: ['scripts/distributed.mjs'],
};

/** Starts the system in a folder of its own and waits until it says that all of it is there. */
export async function startStack(mode: Mode): Promise<Stack> {
  const dataDir = mkdtempSync(join(tmpdir(), `ovop-trace-${mode}-`));
  const port = await freePorts();
  const environment = { ...process.env, PORT: String(port), DATA_DIR: dataDir, NODE_OPTIONS: '', NODE_ENV: '' };
  let output = '';
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, starts[mode], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
    while (!(await ready(port))) {
      if (child.exitCode !== null) throw new Error(`the system did not start:\n${output}`);
      await sleep(200);
    }
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await new Promise((settle) => child.once('exit', settle));
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await start();
    const json = (name: string): unknown => JSON.parse(readFileSync(join(dataDir, name), 'utf8'));
    return {
      ...{ mode, dataDir, stop, demo: demo.parse(json('demo.json')) },
      ...connections.parse(json('connections.json')),
      kill: mode === 'distributed' ? (service) => killService(dataDir, service) : () => killAll(child, start),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function killService(dataDir: string, service: string): Promise<void> {
  const file = join(dataDir, `${service}.pid`);
  const pid = Number(readFileSync(file, 'utf8'));
  process.kill(pid, 'SIGKILL');
  while (!existsSync(file) || Number(readFileSync(file, 'utf8')) === pid) await sleep(50);
}

async function killAll(child: ChildProcess, start: () => Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await new Promise((settle) => child.once('exit', settle));
  await start();
}

async function ready(port: number): Promise<boolean> {
  const answer = fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2000) });
  return answer.then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A port that is free together with the four after it. */
async function freePorts(): Promise<number> {
  const free = (port: number): Promise<boolean> =>
    new Promise((settle) => {
      const probe = createServer().once('error', () => settle(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
    });
  for (let port = 20_000 + Math.floor(Math.random() * 20_000); ; port += 7) {
    const answers = await Promise.all([0, 1, 2, 3, 4].map((offset) => free(port + offset)));
    if (answers.every(Boolean)) return port;
  }
}
