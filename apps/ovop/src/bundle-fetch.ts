import { existsSync } from 'node:fs';
import { AppError } from '#contracts';
import { createTrustStore, openBundle, type OpenBundle, type OpenBundleOptions } from '#pki';
import type { Terminal } from './terminal.js';
import { firstUseNote, readInput } from './load-trust.js';
import { replaceFile } from './replace-file.js';
import { UsageError } from './usage.js';

/** Some millions of void serials fit; whoever sends more is no labeling service. */
const largest = 8 * 1024 * 1024;
const timeoutMilliseconds = 30_000;

/**
 * Fetches a trust bundle in place of the one in a file. What is in the file decides what may follow it: the same
 * roots, no lower seq, no lower CRL number. The file is replaced whole or stays as it is.
 * @returns 0 when the file holds the bundle fetched, 1 when that one is refused
 */
export async function fetchBundle(
  url: string,
  out: string | undefined,
  pinnedKeys: OpenBundleOptions['pinnedKeys'],
  terminal: Terminal,
): Promise<number> {
  if (out === undefined) throw new UsageError('--out FILE is missing: where the bundle goes.');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError(`${url}: not an http or https address.`);
  const known = await readKnown(out, pinnedKeys);
  const text = await download(url);
  let fetched: OpenBundle;
  try {
    fetched = openBundle(text, known ?? { pinnedKeys });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    terminal.err(`ovop: ${url}: refused. ${error.message}. ${known === undefined ? '' : `${out} stays as it was.`}\n`);
    return 1;
  }
  if (known === undefined && pinnedKeys === 'first-use') terminal.err(`ovop: ${firstUseNote(fetched)}\n`);
  await replaceFile(out, `${text.trim()}\n`, 0o644);
  const { seq, issuedAt, nextUpdate } = fetched.bundle;
  terminal.out(
    `${out}: the trust bundle ${seq} of ${issuedAt.toISOString()}, up to date until ${nextUpdate.toISOString()}.\n`,
  );
  return 0;
}

/** What the bundle in the file demands of the next one; nothing where there is no file. */
async function readKnown(
  out: string,
  pinnedKeys: OpenBundleOptions['pinnedKeys'],
): Promise<OpenBundleOptions | undefined> {
  if (!existsSync(out)) return undefined;
  const text = Buffer.from(await readInput(out)).toString('latin1');
  try {
    const opened = openBundle(text, { pinnedKeys });
    const { bundle, pinnedKeys: pinned } = opened;
    return { pinnedKeys: pinned, lastSeq: bundle.seq, minimumCrlNumbers: createTrustStore(opened).crlNumbers() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${out} is there and can not be used: ${error.message}. Move it away to begin anew.`);
  }
}

async function download(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    if (!answer.ok || answer.body === null) throw new Error(`the answer is ${answer.status} ${answer.statusText}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > largest) throw new Error(`the answer has more than ${largest} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('latin1');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new UsageError(
      `${url} can not be fetched: ${error instanceof Error ? error.message : String(error)}${cause}`,
    );
  }
}
