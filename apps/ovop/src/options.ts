import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage.js';

/**
 * Reads a command's options as `parseArgs` does.
 * @throws {UsageError} naming the option that is unknown or lacks its value
 */
export function readOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
