import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import request from 'supertest';
import type { AuditRecord, Country, Role } from '#contracts';
import { createService, hashApiKey, LocalPublisher, Log, newId, type Message, type Service } from '#platform';
import { testDatabase } from '../../../test/support/database.js';
import { readConfig } from '../src/config.js';
import { labeling } from '../src/labeling.js';
import { testNow, type Story } from './events.js';

export interface Key {
  id: string;
  secret: string;
}

export interface Harness {
  service: Service;
  sql: Client;
  /** What the clock shows. */
  time: { now: Date };
  /** The records of the audit log that a condition holds for, in order. */
  audit(condition?: string, ...values: unknown[]): Promise<AuditRecord[]>;
  environment: Record<string, string>;
  receive(...messages: Message[]): Promise<void>;
  /** Tells everything of a story and waits for the producer's certificate. */
  tell(story: Story): Promise<void>;
  key(role: Role, of?: { organisationId?: string; country?: Country }): Promise<Key>;
  send(key: Key | null, method: 'GET' | 'POST', path: string, body?: object): Sent;
  /** GET of something that is not JSON, by nobody in particular unless there is a key. */
  download(path: string, key?: Key, headers?: Record<string, string>): Promise<Download>;
  /** The data of the events of a type that wait in the outbox, in order. */
  outbox<T = Record<string, unknown>>(type: string): Promise<T[]>;
  /** The first row of a query, as soon as there is one. */
  until<T = Record<string, unknown>>(query: string, ...values: unknown[]): Promise<T>;
  /** Starts the service again after it was stopped. */
  start(): Promise<void>;
  /** Ends the service and starts another over the same database. */
  restart(change?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}
interface Download {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}
type Sent = ReturnType<ReturnType<typeof request>['get']>;

/** Labeling over a database of its own; its relay rests, so that the outbox can be read. */
export async function startHarness(change: Record<string, string> = {}): Promise<Harness> {
  const database = await testDatabase('labeling');
  const sql = new Client({ connectionString: database.url });
  sql.on('error', () => undefined);
  await sql.connect();
  const time = { now: testNow };
  const log = new Log('labeling', 'info', () => undefined);
  const environment = {
    ...{ DATABASE_URL: database.url, JWKS_URL: 'http://127.0.0.1:9/jwks.json', DEMO_AUTHORITY: 'true' },
    ...{ PUBLIC_BASE_URL: 'https://ovop.example', KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') },
    BUNDLE_GATHER_MILLISECONDS: '20',
    ...change,
  };
  const start = async (): Promise<Service> => {
    const options = { publisher: new LocalPublisher(), clock: () => time.now, log, processMetrics: false };
    const service = await createService(labeling, readConfig(environment), options);
    await service.app.listen(0, '127.0.0.1');
    return service;
  };

  // A start that failed has left nothing to stop.
  let running = true;
  const stopService = async (): Promise<void> => {
    if (running) await harness.service.stop();
    running = false;
  };
  const harness: Harness = {
    ...{ service: await start(), sql, time, environment },
    async receive(...messages) {
      for (const message of messages) await harness.service.events.receive(message);
    },
    async tell({ told, organisation }) {
      await harness.receive(...Object.values(told));
      await harness.until(
        'SELECT 1 FROM certificate WHERE organisation_id = $1 AND issued_at IS NOT NULL',
        organisation.id,
      );
    },
    async key(role, { organisationId, country } = {}) {
      const id = newId(testNow);
      const secret = `ovop_${id}`;
      await sql.query('INSERT INTO api_key (id, hash, role, organisation_id, country) VALUES ($1, $2, $3, $4, $5)', [
        ...[id, hashApiKey(secret), role, organisationId ?? null, country ?? null],
      ]);
      return { id, secret };
    },
    send(key, method, path, body) {
      const call = request(harness.service.app.getHttpServer())[method === 'GET' ? 'get' : 'post'](
        `/api/labeling${path}`,
      );
      return (key === null ? call : call.set('x-api-key', key.secret)).send(body);
    },
    async download(path, key, headers = {}) {
      const call = request(harness.service.app.getHttpServer()).get(`/api/labeling${path}`).set(headers);
      const answer = await (key === undefined ? call : call.set('x-api-key', key.secret)).responseType('blob');
      return { status: answer.status, headers: answer.headers, body: answer.body };
    },
    async outbox(type) {
      const { rows } = await sql.query<{ value: string }>(
        "SELECT value FROM outbox WHERE value::jsonb ->> 'type' = $1 ORDER BY id",
        [type],
      );
      return rows.map(({ value }) => JSON.parse(value).data);
    },
    async audit(condition = 'true', ...values) {
      const { rows } = await sql.query(
        `SELECT seq, time, actor, role, organisation_id AS "organisationId", action, subject, key_id AS "keyId", outcome,
                code, details, correlation_id AS "correlationId", previous, hash
         FROM audit_record WHERE ${condition} ORDER BY seq`,
        values,
      );
      return rows.map(({ time: at, ...row }) => ({ ...row, time: at.toISOString() }));
    },
    async until(query, ...values) {
      for (;;) {
        const [row] = (await sql.query(query, values)).rows;
        if (row !== undefined) return row;
        await sleep(10);
      }
    },
    async start() {
      harness.service = await start();
      running = true;
    },
    async restart(changed = {}) {
      await stopService();
      Object.assign(environment, changed);
      await harness.start();
    },
    async stop() {
      await stopService();
      await sql.end();
      await database.drop();
    },
  };
  return harness;
}
