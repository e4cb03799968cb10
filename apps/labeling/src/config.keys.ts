import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { TokenPlace } from '#pki/sign';

const keyEncryptionKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

/** Where private keys are kept: the part of the environment that says so. */
export const keyEnvironment = z.object({
  KEY_CUSTODY: z.enum(['file', 'pkcs11']).default('file'),
  KEY_ENCRYPTION_KEY: keyEncryptionKey.optional(),
  KEY_ENCRYPTION_KEY_FILE: z.string().min(1).optional(),
  PKCS11_LIBRARY: z.string().min(1).optional(),
  PKCS11_TOKEN: z.string().min(1).max(32).optional(),
  PKCS11_SLOT: z.coerce.number().int().min(0).optional(),
  PKCS11_PIN: z.string().min(1).optional(),
  PKCS11_PIN_FILE: z.string().min(1).optional(),
});
type KeyEnvironment = z.infer<typeof keyEnvironment>;

type Context = z.core.$RefinementCtx;

/** Notes what is wrong with a variable; never its value. */
export function fault(context: Context, variable: string, message: string): never {
  context.addIssue({ code: 'custom', path: [variable], message });
  return z.NEVER;
}

/** The key that private keys are sealed with; none is needed where new keys are made in a token. */
export function readKeyEncryptionKey(environment: KeyEnvironment, context: Context): Buffer | undefined {
  const { KEY_ENCRYPTION_KEY: given, KEY_ENCRYPTION_KEY_FILE: file, KEY_CUSTODY: custody } = environment;
  if (given === undefined && file === undefined && custody === 'pkcs11') return undefined;
  if ((given === undefined) === (file === undefined))
    return fault(context, 'KEY_ENCRYPTION_KEY', 'set either this or KEY_ENCRYPTION_KEY_FILE');
  if (file === undefined) return given;
  const text = readSecret('KEY_ENCRYPTION_KEY_FILE', file, context);
  const key = keyEncryptionKey.safeParse(text);
  return key.success ? key.data : fault(context, 'KEY_ENCRYPTION_KEY_FILE', 'must hold 32 bytes in base64');
}

/** The token, where there is one: also with custody in files, for the keys that are in it from before. */
export function readTokenPlace(environment: KeyEnvironment, context: Context): TokenPlace | undefined {
  const { KEY_CUSTODY: custody, PKCS11_LIBRARY: library, PKCS11_TOKEN: label, PKCS11_SLOT: slot } = environment;
  if (library === undefined)
    return custody === 'file' ? undefined : fault(context, 'PKCS11_LIBRARY', 'is needed where KEY_CUSTODY is pkcs11');
  const token = label ?? slot;
  if (token === undefined || (label !== undefined && slot !== undefined))
    return fault(context, 'PKCS11_TOKEN', 'set either this or PKCS11_SLOT');
  const { PKCS11_PIN: pin, PKCS11_PIN_FILE: file } = environment;
  if (file !== undefined && pin === undefined)
    return { library, token, pin: readSecret('PKCS11_PIN_FILE', file, context) };
  if (pin === undefined || file !== undefined)
    return fault(context, 'PKCS11_PIN', 'set either this or PKCS11_PIN_FILE');
  return { library, token, pin };
}

/** A secret from a file that only its owner can read. */
export function readSecret(variable: string, path: string, context: Context): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true) return fault(context, variable, 'is not a file');
  if ((found.mode & 0o077) !== 0) return fault(context, variable, 'can be read by others than its owner; chmod 600 it');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return fault(context, variable, 'cannot be read by the user that labeling runs as');
  }
}
