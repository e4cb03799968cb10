import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ServiceName } from '#contracts';
import { Log } from '#platform';
import { migrate } from '../../../libs/platform/src/migrate/migrate.js';
import { databaseOf, type Config } from './config.js';
import { forEachService } from './environment.js';
import { startPostgres, type Postgres } from './postgres.js';
import { openSecrets, writeWhole, type Secrets } from './secrets.js';

/** What both ways of running stand on: databases that are up and migrated, secrets, and a log. */
export interface Ground {
  secrets: Secrets;
  saveSecrets(change: Partial<Secrets>): void;
  log: Log;
  environments(
    make: (service: ServiceName, databaseUrl: string) => Record<string, string>,
  ): Record<ServiceName, Record<string, string>>;
  stop(): Promise<void>;
}

/** One line to whoever started the program. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Starts PostgreSQL unless every database is given, migrates all of them, and opens secrets and log. */
export async function prepare(config: Config, brokers?: string): Promise<Ground> {
  await assertFree(config.port, config.listenHost);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const logFile = createWriteStream(join(config.dataDir, 'ovop-trace.log'), { flags: 'a', mode: 0o600 });
  const { secrets, save } = openSecrets(join(config.dataDir, 'secrets.json'));
  let postgres: Postgres | undefined;
  const urls = await forEachService(async (service) => {
    const given = config.databaseUrl(service);
    if (given !== undefined) return given;
    postgres ??= await startPostgres({ dataDir: join(config.dataDir, 'postgres'), onProgress: say });
    return postgres.createDatabase(databaseOf(service));
  });
  await forEachService(async (service) => {
    const applied = await migrate({ service, databaseUrl: urls[service] });
    if (applied.length > 0) say(`Migrated ${service}: ${applied.join(', ')}`);
  });
  // For the operator's tools, such as scripts/dead-letters.
  writeWhole(
    join(config.dataDir, 'connections.json'),
    JSON.stringify({ databases: urls, brokers: brokers ?? null }, null, 2),
  );
  return {
    secrets,
    saveSecrets: save,
    log: new Log('standalone', config.logLevel, (line) => void logFile.write(line)),
    environments: (make) =>
      Object.fromEntries(
        Object.entries(urls).map(([service, url]) => [service, make(service as ServiceName, url)]),
      ) as ReturnType<Ground['environments']>,
    async stop() {
      await postgres?.stop();
      logFile.end();
    },
  };
}

/** Asked first, so that a taken port is said before anything is started. */
function assertFree(port: number, host: string): Promise<void> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', () => fail(new Error(`port ${port} is taken by another program; choose one with PORT=…`)));
    probe.listen(port, host, () => probe.close(() => settle()));
  });
}
