import { createReadStream } from 'node:fs';
import { AuditChain, type AuditSummary, type KnownHead } from './audit-chain.js';
import { readOptions } from './options.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage.js';

/** More characters than any record has; a line above it is not kept in memory. */
const longestLine = 65_536;

interface AuditArguments {
  readonly files: readonly string[];
  readonly previous: readonly string[];
  readonly fromHead?: string;
}

/** `ovop audit verify`: a JSON line for each export, 0 when every chain holds, 1 when one does not. */
export async function runAudit(args: readonly string[], terminal: Terminal): Promise<number | 'help'> {
  const parsed = readAuditArguments(args);
  if (parsed === 'help') return 'help';
  const { files, previous, fromHead } = parsed;
  let intact = true;
  let known: KnownHead[] = [];
  for (const [index, file] of [...previous, ...files].entries()) {
    if (index === previous.length && fromHead !== undefined) known.push({ hash: fromHead });
    const summary = await check(file, known, terminal);
    intact &&= summary.faultCount === 0;
    terminal.out(`${JSON.stringify({ file, verdict: summary.faultCount === 0 ? 'INTACT' : 'BROKEN', ...summary })}\n`);
    known = [summary.head];
  }
  return intact ? 0 : 1;
}

function readAuditArguments(args: readonly string[]): AuditArguments | 'help' {
  const { values, positionals } = parse(args);
  const [command, ...files] = positionals;
  if (values.help || command === 'help') return 'help';
  if (command !== 'verify') throw new UsageError(`audit ${command ?? ''}: no such command. There is: audit verify.`);
  if (files.length === 0) throw new UsageError('No export to check. Give one or more files, or - for standard input.');
  const fromHead = values['from-head'];
  if (fromHead === undefined) return { files, previous: values.previous };
  if (!/^[0-9a-f]{64}$/.test(fromHead))
    throw new UsageError(`--from-head ${fromHead}: not a hash of 64 small hexadecimal digits.`);
  return { files, previous: values.previous, fromHead };
}

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      previous: { type: 'string', multiple: true, default: [] as string[] },
      'from-head': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

async function check(file: string, known: readonly KnownHead[], { stdin }: Terminal): Promise<AuditSummary> {
  const chain = new AuditChain(known);
  try {
    for await (const line of linesOf(file === '-' ? stdin : createReadStream(file))) chain.add(line);
  } catch (error) {
    throw new UsageError(`${file} can not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return chain.finish();
}

/** The lines that are not empty. Of one that is too long only the beginning is given, which is no record. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of source) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) if (line !== '') yield line;
  }
  if (rest !== '') yield rest;
}
