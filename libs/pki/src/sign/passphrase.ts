import { randomBytes, scrypt, type KeyObject, type ScryptOptions } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#contracts';
import { openKey, sealKey } from './seal.js';

/** Private keys in files of a key ceremony: sealed (AES-256-GCM) with a key that scrypt makes of a passphrase. */

const SHORTEST = 12;
/** RFC 7914: 128 MB and about half a second for every guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const lockedFile = z.object({
  v: z.literal(1),
  kdf: z.literal('scrypt'),
  N: z.literal(COST.N),
  r: z.literal(COST.r),
  p: z.literal(COST.p),
  salt: z.base64url().min(22),
  sealed: z.string(),
});

/** Refuses a passphrase of fewer than 12 characters. */
export function assertPassphrase(passphrase: string): void {
  if ([...passphrase].length < SHORTEST)
    throw new AppError('invalid', `the passphrase is too short: it needs at least ${SHORTEST} characters`);
}

/** Encrypts a private key with a passphrase, as a JSON text; `name` is bound to it, as by {@link sealKey}. */
export async function lockKey(privateKey: KeyObject, passphrase: string, name: string): Promise<string> {
  assertPassphrase(passphrase);
  const salt = randomBytes(16);
  const sealed = sealKey(privateKey, await derive(passphrase, salt), name);
  return `${JSON.stringify({ v: 1, kdf: 'scrypt', ...COST, salt: salt.toString('base64url'), sealed })}\n`;
}

/**
 * Decrypts what {@link lockKey} made.
 * @throws {AppError} `invalid` when the passphrase is wrong, or the text is no such file or belongs to another name
 */
export async function unlockKey(text: string, passphrase: string, name: string): Promise<KeyObject> {
  const { salt, sealed } = readLocked(text, name);
  const key = await derive(passphrase, Buffer.from(salt, 'base64url'));
  try {
    return openKey(sealed, key, name);
  } catch (error) {
    throw new AppError('invalid', `the passphrase does not open the key "${name}", or its file is damaged`, [], error);
  }
}

function readLocked(text: string, name: string): z.infer<typeof lockedFile> {
  try {
    return lockedFile.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError('invalid', `the key file of "${name}" is damaged or no key file`, [], error);
  }
}

/** Passphrases are compared in NFKC, so that it does not matter which keyboard or system they were typed on. */
function derive(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const options: ScryptOptions = { ...COST, maxmem: 256 * COST.N * COST.r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
