import { z } from 'zod';

/** The environment breaks a rule; the message lists every fault, one a line. */
export class ConfigError extends Error {}

const csv = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** What every service reads from its environment. */
export const serviceEnvironment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535),
  LISTEN_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  KAFKA_BROKERS: csv.default([]),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  JWKS_URL: z.url({ protocol: /^https?$/ }),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  TRUST_PROXY: z.stringbool().default(false),
});
export type ServiceConfig = z.infer<typeof serviceEnvironment>;

/**
 * Parses an environment.
 * @throws {ConfigError} naming every variable that is missing or wrong, never its value
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): Readonly<z.output<Schema>> {
  const result = schema.safeParse(environment);
  if (result.success) return Object.freeze(result.data);
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(all)'}: ${issue.message}`);
  throw new ConfigError(`the environment is not usable:\n${faults.join('\n')}`);
}
