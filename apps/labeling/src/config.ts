import { z } from 'zod';
import { isHost } from '#label';
import { parseConfig, serviceEnvironment } from '#platform';
import { fault, keyEnvironment, readKeyEncryptionKey, readSecret, readTokenPlace } from './config.keys.js';

const schema = serviceEnvironment
  .extend({
    PORT: serviceEnvironment.shape.PORT.default(3003),
    ...keyEnvironment.shape,
    AUTHORITY_DIR: z.string().min(1).optional(),
    AUTHORITY_PASSPHRASE_FILE: z.string().min(1).optional(),
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
    keyEncryptionKey: readKeyEncryptionKey(environment, context),
    tokenPlace: readTokenPlace(environment, context),
    authorityPassphrase: readPassphrase(environment, context),
    labelOrigin: readOrigin(environment.PUBLIC_BASE_URL, context),
  }));
export type Config = z.infer<typeof schema>;

/** Reads the configuration of labeling; every fault is listed. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);

type Context = z.core.$RefinementCtx;

/** What opens the keys of AUTHORITY_DIR; the file may go once they are taken in. */
function readPassphrase(
  environment: {
    DEMO_AUTHORITY: boolean;
    AUTHORITY_DIR?: string | undefined;
    AUTHORITY_PASSPHRASE_FILE?: string | undefined;
  },
  context: Context,
): string | undefined {
  const { AUTHORITY_DIR: directory, AUTHORITY_PASSPHRASE_FILE: file, DEMO_AUTHORITY: demo } = environment;
  if (demo && directory !== undefined) return fault(context, 'AUTHORITY_DIR', 'can not be set with DEMO_AUTHORITY');
  return file === undefined ? undefined : readSecret('AUTHORITY_PASSPHRASE_FILE', file, context);
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
