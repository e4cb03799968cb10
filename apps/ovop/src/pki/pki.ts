import { AppError } from '#contracts';
import { readOptions } from '../options.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage.js';
import { init } from './init.js';
import { inspect } from './inspect.js';
import { issueRootCrl } from './root-crl.js';

/** `ovop pki init|crl|inspect`. */
export async function runPki(args: readonly string[], terminal: Terminal): Promise<number | 'help'> {
  if (args[0] === 'init' && !args.includes('--help')) return init(args.slice(1), terminal);
  if (args[0] === 'crl' && !args.includes('--help')) return refusing(issueRootCrl(args.slice(1), terminal));
  const { values, positionals } = parse(args);
  const [command, ...files] = positionals;
  if (values.help === true || command === 'help') return 'help';
  if (command === 'inspect') return inspect(files, values.json, terminal);
  throw new UsageError(`pki ${command ?? ''}: no such command. There are: pki init, pki crl, pki inspect.`);
}

/** What the libraries refuse was asked for by whoever typed the command. */
async function refusing(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${error.message}.`);
  }
}

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
}
