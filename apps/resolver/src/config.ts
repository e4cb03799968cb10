import { z } from 'zod';
import { parseConfig, serviceEnvironment } from '#platform';

const schema = serviceEnvironment.extend({
  PORT: serviceEnvironment.shape.PORT.default(3004),
  /** SHA-256 of the root's public key (DER, hexadecimal); without it the first root seen is pinned. */
  TRUST_ROOT_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
    .optional(),
  /** Requests a minute from one address (IPv6: one /64); 0 is no limit. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(120),
});
export type Config = z.infer<typeof schema>;

/** Reads the configuration of resolver; every fault is listed. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);
