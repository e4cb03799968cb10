import { statSync } from 'node:fs';
import { AppError } from '#contracts';
import { assertPassphrase } from '#pki/sign';
import type { Terminal } from '../terminal.js';
import { readInput } from '../load-trust.js';
import { UsageError } from '../usage.js';

/** A new passphrase: the first line of a file that only its owner can read, or typed twice without echo. */
export async function newPassphrase(file: string | undefined, option: string, terminal: Terminal): Promise<string> {
  const passphrase = file === undefined ? await ask(option, terminal) : await readSecret(file, option);
  try {
    assertPassphrase(passphrase);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${error.message}.`);
  }
  return passphrase;
}

/** A passphrase that is known: from a file, or typed once without echo. */
export async function givenPassphrase(file: string | undefined, { askSecret }: Terminal): Promise<string> {
  if (file !== undefined) return readSecret(file, 'passphrase-file');
  if (askSecret === undefined)
    throw new UsageError('There is no terminal to ask for the passphrase. Give --passphrase-file FILE.');
  return askSecret('Passphrase: ');
}

async function readSecret(file: string, option: string): Promise<string> {
  const text = Buffer.from(await readInput(file)).toString('utf8');
  if ((statSync(file).mode & 0o077) !== 0)
    throw new UsageError(`--${option} ${file}: it can be read by others than its owner. Run: chmod 600 ${file}`);
  return text.split(/\r?\n/, 1)[0] ?? '';
}

async function ask(option: string, { askSecret }: Terminal): Promise<string> {
  if (askSecret === undefined)
    throw new UsageError(`There is no terminal to ask for the passphrase. Give --${option} FILE.`);
  const passphrase = await askSecret('Passphrase: ');
  if (passphrase !== (await askSecret('The same passphrase again: ')))
    throw new UsageError('The two passphrases differ.');
  return passphrase;
}
