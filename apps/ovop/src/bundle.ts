import { AppError } from '#contracts';
import { TRUST_LIFETIME_DAYS } from '#label';
import { openBundle, readCertificates, type OpenBundle } from '#pki';
import { fetchBundle } from './bundle-fetch.js';
import { readOptions } from './options.js';
import type { Terminal } from './terminal.js';
import { daysBetween, describeCertificate, describeCrl } from './describe.js';
import { firstUseNote, readAll, readInput } from './load-trust.js';
import { UsageError } from './usage.js';

/** `ovop bundle show|verify|fetch`: what a trust bundle says, whether it may be used, and the next one. */
export async function runBundle(args: readonly string[], terminal: Terminal): Promise<number | 'help'> {
  const { values, positionals } = parse(args);
  const [command, target, ...more] = positionals;
  if (values.help || command === 'help') return 'help';
  if (command !== 'show' && command !== 'verify' && command !== 'fetch')
    throw new UsageError(
      `bundle ${command ?? ''}: no such command. There are: bundle show, bundle verify, bundle fetch.`,
    );
  if (target === undefined || more.length > 0)
    throw new UsageError(`bundle ${command} takes exactly one ${command === 'fetch' ? 'URL' : 'file'}.`);
  const roots = await readAll(values.roots.flatMap((item) => item.split(',')).filter(Boolean), readCertificates);
  const pinnedKeys = roots.length === 0 ? ('first-use' as const) : new Set(roots.map(({ keyHash }) => keyHash));
  if (command === 'fetch') return fetchBundle(target, values.out, pinnedKeys, terminal);
  const text = Buffer.from(await readInput(target)).toString('latin1');
  if (command === 'verify') return verify(target, text, pinnedKeys, terminal);
  terminal.out(`${JSON.stringify(describeBundle(open(target, text), terminal.now()), null, 2)}\n`);
  return 0;
}

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      roots: { type: 'string', multiple: true, default: [] as string[] },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function open(file: string, text: string): OpenBundle {
  try {
    return openBundle(text, { pinnedKeys: 'first-use' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

/** The content of a bundle; of lists that grow with the trade only how long they are. */
export function describeBundle(opened: OpenBundle, now: Date) {
  const { seq, issuedAt, nextUpdate } = opened.bundle;
  const total = (groups: OpenBundle['voids']): number =>
    [...(groups?.values() ?? [])].reduce((sum, group) => sum + group.size, 0);
  return {
    type: 'bundle',
    seq,
    issuedAt: issuedAt.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    ageDays: daysBetween(issuedAt, now),
    hosts: [...opened.hosts],
    signer: describeCertificate(opened.signer),
    roots: opened.roots.map(describeCertificate),
    certificates: opened.certificates.map(describeCertificate),
    crls: opened.crls.map(describeCrl),
    voids: total(opened.voids),
    recalls: total(opened.recalls),
    catalogue: opened.catalogue?.size ?? 0,
  };
}

type PinnedKeys = ReadonlySet<string> | 'first-use';

/** Opens a bundle as a verifier does: 0 when it may be used, 1 when it is refused or too old. */
function verify(file: string, text: string, pinnedKeys: PinnedKeys, terminal: Terminal): number {
  let opened: OpenBundle;
  try {
    opened = openBundle(text, { pinnedKeys });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    terminal.out(`${file}: refused. ${error.message}.\n`);
    return 1;
  }
  if (pinnedKeys === 'first-use') terminal.err(`ovop: ${firstUseNote(opened)}\n`);
  const { seq, issuedAt, nextUpdate } = opened.bundle;
  const now = terminal.now();
  const age = daysBetween(issuedAt, now);
  const name = `${file}: the trust bundle ${seq} of ${issuedAt.toISOString()}, ${age} days old,`;
  if (age >= TRUST_LIFETIME_DAYS) terminal.out(`${name} is too old: no label is called valid with it.\n`);
  else if (now > nextUpdate)
    terminal.out(`${name} is genuine but due for renewal since ${nextUpdate.toISOString()}.\n`);
  else terminal.out(`${name} is genuine and up to date until ${nextUpdate.toISOString()}.\n`);
  return age < TRUST_LIFETIME_DAYS && now <= nextUpdate ? 0 : 1;
}
