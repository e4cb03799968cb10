import { Client } from 'pg';
import request from 'supertest';
import type { Country, Role } from '#contracts';
import { createService, hashApiKey, LocalPublisher, Log, newId, type Message, type Service } from '#platform';
import { testDatabase } from '../../../test/support/database.js';
import { batchTracking } from '../src/batch-tracking.js';
import { readConfig } from '../src/config.js';
import { testNow } from './register.js';

/** An API key of a test, with the principal's id. */
export interface Key {
  id: string;
  secret: string;
}

export interface Harness {
  service: Service;
  sql: Client;
  receive(messages: readonly Message[]): Promise<void>;
  key(role: Role, of?: { organisationId?: string; country?: Country }): Promise<Key>;
  send(key: Key, method: 'GET' | 'POST', path: string, body?: object, headers?: Record<string, string>): Sent;
  /** The data of the events about one aggregate that wait in the outbox, in order. */
  outbox(subject: string): Promise<{ type: string; data: unknown }[]>;
  stop(): Promise<void>;
}
type Sent = ReturnType<ReturnType<typeof request>['get']>;

/** Batch tracking over a database of its own, at {@link testNow}; its relay rests, so that the outbox can be read. */
export async function startHarness(): Promise<Harness> {
  const database = await testDatabase('batch-tracking');
  const sql = new Client({ connectionString: database.url });
  sql.on('error', () => undefined);
  await sql.connect();
  const config = readConfig({
    ...{ DATABASE_URL: database.url, PUBLIC_BASE_URL: 'http://localhost:3000' },
    JWKS_URL: 'http://127.0.0.1:9/jwks.json',
  });
  const service = await createService(batchTracking, config, {
    ...{ publisher: new LocalPublisher(), clock: () => testNow, processMetrics: false },
    log: new Log('batch-tracking', 'error', () => undefined),
  });
  await service.app.listen(0, '127.0.0.1');
  const base = await service.app.getUrl();
  return {
    ...{ service, sql },
    async receive(messages) {
      for (const message of messages) await service.events.receive(message);
    },
    async key(role, { organisationId, country } = {}) {
      const id = newId(testNow);
      const secret = `ovop_${id}`;
      await sql.query('INSERT INTO api_key (id, hash, role, organisation_id, country) VALUES ($1, $2, $3, $4, $5)', [
        ...[id, hashApiKey(secret), role, organisationId ?? null, country ?? null],
      ]);
      return { id, secret };
    },
    send(key, method, path, body, headers = {}) {
      const call = request(base)[method === 'GET' ? 'get' : 'post'](`/api/batch-tracking${path}`);
      return call.set({ 'x-api-key': key.secret, ...headers }).send(body);
    },
    async outbox(subject) {
      const { rows } = await sql.query<{ value: string }>('SELECT value FROM outbox WHERE key = $1 ORDER BY id', [
        subject,
      ]);
      return rows.map(({ value }) => JSON.parse(value));
    },
    async stop() {
      await service.stop();
      await sql.end();
      await database.drop();
    },
  };
}
