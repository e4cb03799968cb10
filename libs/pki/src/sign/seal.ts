import { createCipheriv, createDecipheriv, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#contracts';

/**
 * Private keys at rest: the key is encrypted with a data key of its own (AES-256-GCM), and the data key is wrapped
 * with the key-encryption key. A new key-encryption key therefore rewraps 32 bytes and never touches the key.
 */

const KEY_BYTES = 32;
const sealedPart = z.object({ iv: z.base64url(), tag: z.base64url(), data: z.base64url() });
const sealedFile = z.object({ v: z.literal(1), alg: z.literal('A256GCM'), wrapped: sealedPart, key: sealedPart });

type SealedPart = z.infer<typeof sealedPart>;

function encrypt(key: Uint8Array, plain: Uint8Array, purpose: string): SealedPart {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  const part = { iv, tag: cipher.getAuthTag(), data };
  return {
    iv: part.iv.toString('base64url'),
    tag: part.tag.toString('base64url'),
    data: part.data.toString('base64url'),
  };
}

function decrypt(key: Uint8Array, sealed: SealedPart, purpose: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64url'), { authTagLength: 16 })
    .setAAD(Buffer.from(purpose))
    .setAuthTag(Buffer.from(sealed.tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64url')), decipher.final()]);
}

function assertKeyEncryptionKey(kek: Uint8Array): void {
  if (kek.length !== KEY_BYTES) throw new AppError('invalid', 'the key-encryption key must have 32 bytes');
}

/** Encrypts a private key for storage. `name` is bound to it: a file renamed to another key's name will not open. */
export function sealKey(privateKey: KeyObject, kek: Uint8Array, name: string): string {
  assertKeyEncryptionKey(kek);
  const dataKey = randomBytes(KEY_BYTES);
  const key = encrypt(dataKey, privateKey.export({ type: 'pkcs8', format: 'der' }), `ovop-key:${name}`);
  return JSON.stringify({ v: 1, alg: 'A256GCM', wrapped: encrypt(kek, dataKey, `ovop-wrap:${name}`), key });
}

/** Decrypts a stored private key; says clearly whether the key-encryption key or the file is wrong. */
export function openKey(sealed: string, kek: Uint8Array, name: string): KeyObject {
  assertKeyEncryptionKey(kek);
  const file = readSealed(sealed, name);
  let dataKey: Buffer;
  try {
    dataKey = decrypt(kek, file.wrapped, `ovop-wrap:${name}`);
  } catch (error) {
    throw new AppError('invalid', `the key-encryption key does not open the key "${name}"`, [], error);
  }
  try {
    return createPrivateKey({ key: decrypt(dataKey, file.key, `ovop-key:${name}`), format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new AppError('invalid', `the key file of "${name}" is damaged`, [], error);
  }
}

/** Wraps the data key anew for another key-encryption key; the key itself stays as it is. */
export function rewrapKey(sealed: string, kek: Uint8Array, newKek: Uint8Array, name: string): string {
  openKey(sealed, kek, name);
  assertKeyEncryptionKey(newKek);
  const file = readSealed(sealed, name);
  const dataKey = decrypt(kek, file.wrapped, `ovop-wrap:${name}`);
  return JSON.stringify({ ...file, wrapped: encrypt(newKek, dataKey, `ovop-wrap:${name}`) });
}

function readSealed(sealed: string, name: string): z.infer<typeof sealedFile> {
  try {
    return sealedFile.parse(JSON.parse(sealed));
  } catch (error) {
    throw new AppError('invalid', `the key file of "${name}" is damaged or no key file`, [], error);
  }
}
