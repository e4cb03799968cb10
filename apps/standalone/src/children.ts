import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './config.js';
import { say } from './prepare.js';

/** A service's process that ended by itself is started again after this. */
const restartMilliseconds = 1000;

/** A process that is kept running until it is stopped. */
export interface Child {
  stop(): Promise<void>;
}

/**
 * Starts a service in a process of its own; what it prints goes to `<name>.log` in the data folder,
 * its process id to `<name>.pid`.
 */
export function keepRunning(name: string, environment: Record<string, string>, dataDir: string): Child {
  const pidFile = join(dataDir, `${name}.pid`);
  const main = fileURLToPath(new URL(`../../${name}/src/main.js`, import.meta.url));
  const log = openSync(join(dataDir, `${name}.log`), 'a', 0o600);
  let stopping = false;
  let child: ChildProcess;
  const start = (): void => {
    child = spawn(process.execPath, [main], { env: childEnvironment(environment), stdio: ['ignore', log, log] });
    writeFileSync(pidFile, `${child.pid ?? ''}\n`);
    child.once('exit', (code, signal) => {
      if (stopping) return;
      say(`${name} ended (${signal ?? code}); starting it again.`);
      setTimeout(() => stopping || start(), restartMilliseconds);
    });
  };
  start();
  return {
    stop: () =>
      new Promise((settle) => {
        stopping = true;
        rmSync(pidFile, { force: true });
        if (child.exitCode !== null || child.signalCode !== null) return settle();
        child.once('exit', () => settle());
        child.kill('SIGTERM');
      }),
  };
}
