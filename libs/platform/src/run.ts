import { ConfigError, type ServiceConfig } from './config.js';
import { createService, type ServiceDefinition } from './service.js';

/** A process that has not stopped by then is ended. */
const longestStop = 15_000;

/**
 * The main of a service's own process: start, and stop on SIGTERM or SIGINT.
 * A faulty environment or a failed start ends the process with status 1 and a sentence.
 */
export async function runService<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  readConfig: () => Config,
): Promise<void> {
  try {
    const service = await createService(definition, readConfig());
    onStopSignal(() => service.stop());
    await service.start({ listen: true });
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error);
    process.stderr.write(`${definition.name} did not start: ${text}\n`);
    process.exit(1);
  }
}

/** Runs `stop` once on the first SIGTERM or SIGINT, then ends the process. */
export function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), longestStop).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stop failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}
