import { parseArgs } from 'node:util';
import type { Terminal } from '../cli.js';
import { UsageError } from '../usage.js';
import { init } from './init.js';
import { inspect } from './inspect.js';

/** `ovop pki init|inspect`. */
export async function runPki(args: readonly string[], terminal: Terminal): Promise<number | 'help'> {
  if (args[0] === 'init' && !args.includes('--help')) return init(args.slice(1), terminal);
  const { values, positionals } = parse(args);
  const [command, ...files] = positionals;
  if (values.help === true || command === 'help') return 'help';
  if (command === 'inspect') return inspect(files, values.json, terminal);
  throw new UsageError(`pki ${command ?? ''}: no such command. There are: pki init, pki inspect.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
