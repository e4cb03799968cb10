import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { Pool } from 'pg';
import type { Country, Organisation, Place, Product, Role } from '#contracts';
import { createService, hashApiKey, LocalPublisher, Log, type Service } from '#platform';
import { testDatabase } from '../../../test/support/database.js';
import { readConfig } from '../src/config.js';
import { registration } from '../src/registration.js';

/** One answer of the service. */
export interface Answer<Body = unknown> {
  status: number;
  body: Body;
  headers: Headers;
}

export interface Request {
  key?: string;
  headers?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
}

/** What a test knows of problem details. */
export interface ProblemBody {
  code: string;
  detail: string;
  faults?: { field: string; message: string }[];
}

/** Registration over a database of its own, with a clock that the test sets. */
export class TestRegister {
  private constructor(
    readonly service: Service,
    readonly pool: Pool,
    readonly baseUrl: string,
    readonly clock: { now: Date },
    private readonly environment: Record<string, string>,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<TestRegister> {
    const database = await testDatabase('registration');
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const clock = { now: new Date() };
    const given = {
      PORT: String(port),
      DATABASE_URL: database.url,
      PUBLIC_BASE_URL: baseUrl,
      JWKS_URL: `${baseUrl}/api/registration/jwks.json`,
      SESSION_SECRET: Buffer.alloc(32, 7).toString('base64'),
      ...environment,
    };
    const service = await create(given, clock);
    await service.app.listen(port, '127.0.0.1');
    const pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    return new TestRegister(service, pool, baseUrl, clock, given, () => database.drop());
  }

  /** A second process of the service over the same database. */
  again(environment: Record<string, string> = {}): Promise<Service> {
    return create({ ...this.environment, ...environment }, this.clock);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.pool.end();
    await this.drop();
  }

  /** An API key of that role. */
  async key(role: Role, of: { organisationId?: string; country?: Country } = {}): Promise<string> {
    const key = `ovop_${randomBytes(32).toString('base64url')}`;
    await this.pool.query('INSERT INTO api_key (id, hash, role, organisation_id, country) VALUES ($1,$2,$3,$4,$5)', [
      randomUUID(),
      hashApiKey(key),
      role,
      of.organisationId ?? null,
      of.country ?? null,
    ]);
    return key;
  }

  async send<Body = ProblemBody>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    { key, body, headers = {} }: Request = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.baseUrl}/api/registration/${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: JSON.parse(text === '' ? 'null' : text) as Body,
      headers: response.headers,
    };
  }

  /** Sends what must succeed, and gives the body. */
  async post<Body>(path: string, key: string, body?: unknown): Promise<Body> {
    const answer = await this.send<Body>('POST', path, { key, body });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The events of a subject that wait to be sent, in order. */
  async events(subject: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const { rows } = await this.pool.query<{ value: string }>('SELECT value FROM outbox WHERE key = $1 ORDER BY id', [
      subject,
    ]);
    return rows.map(({ value }) => JSON.parse(value) as { type: string; data: Record<string, unknown> });
  }

  async count(table: string): Promise<number> {
    const { rows } = await this.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return rows[0]?.n ?? 0;
  }

  /** A country and below it a district and a village, entered through the service. */
  async village(admin: string, country: Country = 'KG'): Promise<{ country: Place; district: Place; village: Place }> {
    const place = (level: number, type: string, parentId: string | null): Promise<Place> =>
      this.post('places', admin, { country, level, type, parentId, names: { en: `${type} of ${country}` } });
    const top = await place(0, 'country', null);
    const district = await place(2, 'district', top.id);
    return { country: top, district, village: await place(4, 'ayyl', district.id) };
  }

  producer(key: string, placeId: string, change: object = {}): Promise<Organisation> {
    return this.post('organisations', key, { ...producerIn(placeId), ...change });
  }

  committee(admin: string, placeId: string): Promise<Organisation> {
    return this.post('organisations', admin, { kind: 'committee', names: { en: 'Brand Committee (test)' }, placeId });
  }

  product(key: string, organisationId: string, change: object = {}): Promise<Product> {
    return this.post('products', key, { ...honeyOf(organisationId), ...change });
  }
}

export const producerIn = (placeId: string) => ({
  kind: 'producer',
  legalForm: 'cooperative',
  names: { en: 'Felt Workshop (test)', ky: 'Кийиз устаканасы (сыноо)' },
  placeId,
  publicName: true,
});

export const step = (sequence: number, code: string) => ({
  sequence,
  code,
  names: { en: code.toLowerCase() },
  isPublic: true,
  measurements: [
    {
      name: 'moisture',
      unit: '%',
      limit: '<= 18',
      required: true,
    },
  ],
});

export const honeyOf = (organisationId: string) => ({
  organisationId,
  names: { en: 'White honey', ru: 'Белый мёд' },
  category: 'honey',
  hsCode: '040900',
  salesUnit: 'jar',
  netContent: { value: 250, unit: 'GRM' },
  shelfLifeDays: 730,
  processTemplate: [step(1, 'HARVEST_FRAMES'), step(2, 'EXTRACT')],
});

function create(environment: Record<string, string>, clock: { now: Date }): Promise<Service> {
  return createService(registration, readConfig(environment), {
    publisher: new LocalPublisher(),
    clock: () => clock.now,
    log: new Log('registration', 'error', () => undefined),
  });
}

/** A port that nobody listens on: the service must know its own address before it listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
