import { verifyLabel } from '#label';
import { readArguments, type VerifyArguments } from './arguments.js';
import { runAudit } from './audit.js';
import { runBundle } from './bundle.js';
import { loadTrust, readInput } from './load-trust.js';
import { runPki } from './pki/pki.js';
import type { Terminal } from './terminal.js';
import { HELP, UsageError } from './usage.js';

const commands = 'The commands are: verify, bundle show|verify|fetch, pki init|crl|inspect, audit verify, help.';

type Group = (args: readonly string[], terminal: Terminal) => Promise<number | 'help'>;
const groups: Readonly<Partial<Record<string, Group>>> = { audit: runAudit, bundle: runBundle, pki: runPki };

/** Runs one command and gives its exit code: 0, 1 when a label is not VALID, 2 when the command can not be run. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [command, ...rest] = args;
    if (command === 'help' || command === '--help' || command === '-h') return showHelp(terminal);
    if (command === undefined) throw new UsageError(`No command. ${commands}`);
    const run = groups[command];
    if (run !== undefined) {
      const code = await run(rest, terminal);
      return code === 'help' ? showHelp(terminal) : code;
    }
    if (command !== 'verify') throw new UsageError(`${command}: no such command. ${commands}`);
    const parsed = readArguments(rest);
    return parsed === 'help' ? showHelp(terminal) : await verify(parsed, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`ovop: ${error.message}\nSee: ovop help\n`);
    return 2;
  }
}

function showHelp(terminal: Terminal): number {
  terminal.out(HELP);
  return 0;
}

async function verify(parsed: VerifyArguments, terminal: Terminal): Promise<number> {
  const uris = await collectUris(parsed, terminal);
  if (uris.length === 0) throw new UsageError('No URI to check: what was read is empty.');
  const { store, note } = await loadTrust(parsed.source);
  if (note !== undefined) terminal.err(`ovop: ${note}\n`);
  const now = parsed.at ?? terminal.now();
  let allValid = true;
  for (const uri of uris) {
    const { code, reason, headline, sentence, facts } = await verifyLabel(uri, store, now, parsed);
    allValid &&= code === 'VALID';
    const line = { uri, verdict: code, ...(reason === undefined ? {} : { reason }), headline, sentence, facts };
    terminal.out(`${JSON.stringify(line)}\n`);
  }
  return allValid ? 0 : 1;
}

/** Positional URIs in their order, `-` replaced by what standard input holds; then the lines of --file. */
async function collectUris({ uris, files }: VerifyArguments, terminal: Terminal): Promise<string[]> {
  const found: string[] = [];
  for (const uri of uris) {
    if (uri !== '-') found.push(uri);
    else found.push(...lines(await readWhole(terminal.stdin)));
  }
  for (const file of files) found.push(...lines(await readInput(file)));
  return found;
}

async function readWhole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function lines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
