import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { isHost } from '#label';
import { parseConfig, serviceEnvironment } from '#platform';

const keyEncryptionKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

const schema = serviceEnvironment
  .extend({
    PORT: serviceEnvironment.shape.PORT.default(3003),
    KEY_ENCRYPTION_KEY: keyEncryptionKey.optional(),
    KEY_ENCRYPTION_KEY_FILE: z.string().min(1).optional(),
    DEMO_AUTHORITY: z.stringbool().default(false),
    GTIN_PROGRAMME_PREFIX: z
      .string()
      .regex(/^\d{3,12}$/, 'must be 3 to 12 digits')
      .default('952'),
    BUNDLE_GATHER_MILLISECONDS: z.coerce.number().int().min(0).max(60_000).default(1000),
    LABEL_ALLOWANCE_PERCENT: z.coerce.number().min(0).max(100).default(5),
  })
  .transform((environment, context) => ({
    ...environment,
    keyEncryptionKey: readKey(environment, context),
    labelOrigin: readOrigin(environment.PUBLIC_BASE_URL, context),
  }));
export type Config = z.infer<typeof schema>;

/** Reads the configuration of labeling; every fault is listed. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);

type Context = z.core.$RefinementCtx;

function fault(context: Context, variable: string, message: string): never {
  context.addIssue({ code: 'custom', path: [variable], message });
  return z.NEVER;
}

interface KeyPlace {
  KEY_ENCRYPTION_KEY?: Buffer | undefined;
  KEY_ENCRYPTION_KEY_FILE?: string | undefined;
}

/** The key that private keys are sealed with: from the variable, or from a file that only its owner can read. */
function readKey({ KEY_ENCRYPTION_KEY: given, KEY_ENCRYPTION_KEY_FILE: file }: KeyPlace, context: Context): Buffer {
  if ((given === undefined) === (file === undefined))
    return fault(context, 'KEY_ENCRYPTION_KEY', 'set either this or KEY_ENCRYPTION_KEY_FILE');
  if (given !== undefined) return given;
  const path = file ?? '';
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true) return fault(context, 'KEY_ENCRYPTION_KEY_FILE', 'is not a file');
  if ((found.mode & 0o077) !== 0)
    return fault(context, 'KEY_ENCRYPTION_KEY_FILE', 'can be read by others than its owner; chmod 600 it');
  const key = keyEncryptionKey.safeParse(readFileSync(path, 'utf8').trim());
  return key.success ? key.data : fault(context, 'KEY_ENCRYPTION_KEY_FILE', 'must hold 32 bytes in base64');
}

/** Where labels point to. `baseUrl` only for localhost, where a label may carry http and a port (label profile, 1). */
function readOrigin(publicBaseUrl: string, context: Context): { host: string; baseUrl: string | null } {
  const { hostname: host, protocol, port, pathname } = new URL(publicBaseUrl);
  if (!isHost(host) || pathname !== '/') return fault(context, 'PUBLIC_BASE_URL', 'must be a host without a path');
  if (host === 'localhost') return { host, baseUrl: publicBaseUrl };
  if (protocol !== 'https:' || port !== '')
    return fault(context, 'PUBLIC_BASE_URL', 'must be https without a port, except on localhost');
  return { host, baseUrl: null };
}
