import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createService, Log, type Publisher, type Service, type ServiceConfig } from '#platform';
import { testDatabase } from '../../../test/support/database.js';
import { Handled, sampleService, sampleTables } from './sample-service.js';

export interface Harness {
  service: Service;
  handled: Handled;
  logged: string[];
  sql: Client;
  url: string;
  stop(): Promise<void>;
}

export const quiet = (logged: string[] = []): Log => new Log('test', 'debug', (line) => void logged.push(line));

/** The sample service over a database of its own. */
export async function sample(options: { publisher?: Publisher; brokers?: string[] }): Promise<Harness> {
  const database = await testDatabase('batch-tracking');
  const sql = new Client({ connectionString: database.url });
  sql.on('error', () => undefined);
  await sql.connect();
  await sql.query(sampleTables);
  const config: ServiceConfig = {
    ...{ PORT: 0, LISTEN_HOST: '127.0.0.1', DATABASE_URL: database.url, DATABASE_POOL_SIZE: 4 },
    ...{ KAFKA_BROKERS: options.brokers ?? [], PUBLIC_BASE_URL: 'http://localhost:3000' },
    ...{ JWKS_URL: 'http://127.0.0.1:9/jwks.json', LOG_LEVEL: 'debug', TRUST_PROXY: false },
  };
  const handled = new Handled();
  const logged: string[] = [];
  const { publisher } = options;
  const service = await createService(sampleService(handled), config, {
    log: quiet(logged),
    processMetrics: false,
    ...(publisher === undefined ? {} : { publisher }),
  });
  await service.app.getHttpAdapter().getInstance().ready();
  return {
    ...{ service, handled, logged, sql, url: database.url },
    async stop() {
      await service.stop();
      await sql.end();
      await database.drop();
    },
  };
}

/** Waits until `probe` answers true; a test that waits in vain fails by its time limit. */
export async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await probe())) await sleep(20);
}
