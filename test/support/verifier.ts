import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.js';

export interface Verdict {
  uri: string;
  verdict: string;
}

/** Can a program run here in a network namespace of its own, which has no way out? */
const canUnplug = spawnSync('unshare', ['--net', 'true']).status === 0;

/** `npx ovop verify` in a process without a network, where the machine can take it away. */
export function verifyOffline(bundle: string, uris: string[]): { verdicts: Verdict[]; status: number | null } {
  const command = [process.execPath, join(root, 'scripts/ovop.mjs'), 'verify', '--bundle', bundle, ...uris];
  const [program = '', ...rest] = canUnplug ? ['unshare', '--net', ...command] : command;
  const { stdout, status } = spawnSync(program, rest, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const verdicts = stdout
    .split('\n')
    .filter(Boolean)
    .map((line): Verdict => JSON.parse(line));
  return { verdicts, status };
}

/** Every QR code on the pages of a PDF at 300 dpi, read by a decoder that is not ours. */
export function decodeSheet(pdf: string, folder: string): string[] {
  const prefix = join(mkdtempSync(join(folder, 'pages-')), 'page');
  execFileSync('pdftoppm', ['-r', '300', '-gray', pdf, prefix]);
  const args = ['-c', `zbarimg --raw -q -Sdisable -Sqrcode.enable ${prefix}* 2>/dev/null`];
  return execFileSync('sh', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\n')
    .filter(Boolean);
}
