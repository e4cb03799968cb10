import { services, type ServiceName } from '#contracts';
import { administrator } from './demo/accounts.js';
import type { Config } from './config.js';
import { demoPassword, type Secrets } from './secrets.js';

/** The ports of the services' own processes. */
export const servicePorts: Readonly<Record<ServiceName, number>> = {
  registration: 3001,
  'batch-tracking': 3002,
  labeling: 3003,
  resolver: 3004,
};

/**
 * The environment of one service on this machine, the same for one process and for several.
 * @param databaseUrl of the service's own database
 */
export function serviceEnvironmentOf(
  service: ServiceName,
  databaseUrl: string,
  config: Config,
  secrets: Secrets,
): Record<string, string> {
  return {
    PORT: String(servicePorts[service]),
    DATABASE_URL: databaseUrl,
    PUBLIC_BASE_URL: config.baseUrl,
    JWKS_URL: `http://127.0.0.1:${config.port}/api/registration/jwks.json`,
    LOG_LEVEL: config.logLevel,
    ...own[service](secrets),
  };
}

const own: Record<ServiceName, (secrets: Secrets) => Record<string, string>> = {
  registration: (secrets) => ({
    SESSION_SECRET: secrets.sessionSecret,
    ADMIN_LOGIN: administrator.login,
    ADMIN_PASSWORD: demoPassword(secrets, administrator.login),
  }),
  'batch-tracking': () => ({}),
  labeling: (secrets) => ({ KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey, DEMO_AUTHORITY: 'true' }),
  resolver: () => ({}),
};

/** Runs `work` for every service, one after the other, and gives the answers by name. */
export async function forEachService<T>(work: (service: ServiceName) => Promise<T>): Promise<Record<ServiceName, T>> {
  const answers = {} as Record<ServiceName, T>;
  for (const service of services) answers[service] = await work(service);
  return answers;
}
