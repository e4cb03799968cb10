import { join, resolve } from 'node:path';
import { z } from 'zod';
import { services, type ServiceName } from '#contracts';
import { parseConfig } from '#platform';

/** The database of a service: its name with underscores, as SQL likes it. */
export const databaseOf = (service: ServiceName): string => service.replaceAll('-', '_');

const databaseUrls = Object.fromEntries(
  services.map((service) => [`DATABASE_URL_${databaseOf(service).toUpperCase()}`, z.url().optional()]),
);

const schema = z
  .object({
    PORT: z.coerce.number().int().min(1).max(65535).default(3000),
    LISTEN_HOST: z.string().default('127.0.0.1'),
    DATA_DIR: z.string().min(1).default('.data'),
    PUBLIC_HOST: z
      .string()
      .regex(/^[a-z0-9.-]+$/, 'must be a lower-case host name without a port')
      .default('localhost'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    DEMO_DATA: z.stringbool().default(true),
    KAFKA_BROKERS: z.string().optional(),
    ...databaseUrls,
  })
  .transform((environment) => {
    const { PORT, PUBLIC_HOST, DATA_DIR } = environment;
    const dataDir = resolve(DATA_DIR);
    return {
      port: PORT,
      listenHost: environment.LISTEN_HOST,
      dataDir,
      demoFile: join(dataDir, 'demo.json'),
      // The label profile: http and a port only for localhost.
      baseUrl: PUBLIC_HOST === 'localhost' ? `http://localhost:${PORT}` : `https://${PUBLIC_HOST}`,
      logLevel: environment.LOG_LEVEL,
      demoData: environment.DEMO_DATA,
      brokers: environment.KAFKA_BROKERS,
      databaseUrl: (service: ServiceName): string | undefined =>
        z
          .string()
          .optional()
          .parse(Reflect.get(environment, `DATABASE_URL_${databaseOf(service).toUpperCase()}`)),
    };
  });
export type Config = z.infer<typeof schema>;

/** Reads the configuration of the one-process and of the several-process mode. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);

/** The environment that child processes inherit, with what is theirs on top. */
export const childEnvironment = (own: Record<string, string>): Record<string, string | undefined> => ({
  ...process.env,
  ...own,
});
