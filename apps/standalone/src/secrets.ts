import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  sessionSecret: z.base64(),
  keyEncryptionKey: z.base64(),
  demoSecret: z.base64(),
  apiKey: z.string().nullable(),
});
export type Secrets = z.infer<typeof schema>;

/** What this installation keeps to itself: made at the first start, in a file that only its owner can read. */
export function openSecrets(file: string): { secrets: Secrets; save(change: Partial<Secrets>): void } {
  const fresh = (): string => randomBytes(32).toString('base64');
  const secrets = existsSync(file)
    ? schema.parse(JSON.parse(readFileSync(file, 'utf8')))
    : { sessionSecret: fresh(), keyEncryptionKey: fresh(), demoSecret: fresh(), apiKey: null };
  const save = (change: Partial<Secrets>): void => {
    Object.assign(secrets, change);
    writeWhole(file, JSON.stringify(secrets, null, 2));
  };
  save({});
  return { secrets, save };
}

/** A demo account's password: always the same for one installation, never the same for two. */
export function demoPassword(secrets: Secrets, login: string): string {
  return createHmac('sha256', secrets.demoSecret).update(login).digest('base64url').slice(0, 16);
}

/** Writes a file so that a reader sees the old content or the new, never half, and nobody else reads it. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
