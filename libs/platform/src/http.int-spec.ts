import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import request from 'supertest';
import { LocalPublisher } from '#platform';
import { sample, type Harness } from '../test/harness.js';

describe('the HTTP edge', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await sample({ publisher: new LocalPublisher() });
  });
  afterAll(() => harness.stop());

  const post = (body: string | object, headers: Record<string, string> = {}) =>
    request(harness.service.app.getHttpServer())
      .post('/notes')
      .set({ 'content-type': 'application/json', ...headers })
      .send(body);
  const get = (url: string) => request(harness.service.app.getHttpServer()).get(url);
  const count = async (text: string): Promise<number | null> =>
    (await harness.sql.query('SELECT 1 FROM note WHERE text = $1', [text])).rowCount;

  it('stores the effect and its events together', async () => {
    const response = await post({ text: 'kept', copies: 3 });
    expect(response.status).toBe(201);
    const { rows } = await harness.sql.query<{ key: string; value: string }>(
      'SELECT key, value FROM outbox WHERE key = $1',
      [response.body.id],
    );
    expect(rows).toHaveLength(3);
    expect(JSON.parse(rows[0]?.value ?? '').correlationid).toBe(response.headers['x-correlation-id']);
  });

  it('leaves nothing behind when the use case refuses late', async () => {
    expect((await post({ text: 'fail late' })).status).toBe(409);
    expect(await count('fail late')).toBe(0);
  });

  it.each([
    ['malformed JSON', '{bad', /JSON/],
    ['an unknown field', { text: 'x', colour: 'red' }, /colour/],
    ['a field of the wrong kind', { text: 7 }, /text/],
    ['no body', '', /body/i],
  ])('refuses %s with a problem that says where', async (_name, body, detail) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toMatchObject({ status: 400, code: 'invalid' });
    expect(response.body.detail).toMatch(detail);
    expect(response.body.correlationId).toBe(response.headers['x-correlation-id']);
  });

  it('refuses a body that is too large before reading it', async () => {
    expect((await post(JSON.stringify({ text: 'x'.repeat(3_000_000) }))).status).toBe(413);
  });

  it('says nothing of a bug but its correlation id', async () => {
    const response = await get('/notes/bug');
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('secret');
    expect(harness.logged.some((line) => line.includes('the secret of the bug'))).toBe(true);
  });

  it('answers 404 for what is not there', async () => {
    expect((await get('/nothing')).body).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('refuses a path with a broken percent-encoding with a problem', async () => {
    const response = await get('/notes/%zz');
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toMatchObject({ status: 400, code: 'invalid' });
  });

  it('answers a request sent again with the same bytes and no second effect', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await post({ text: 'again' }, key);
    const second = await post({ text: 'again' }, key);
    expect(second.text).toBe(first.text);
    expect(second.status).toBe(first.status);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await count('again')).toBe(1);
  });

  it('does the work once for fifty identical requests at the same time', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 50 }, async () => (await post({ text: 'fifty' }, { 'idempotency-key': 'k-50' })).text),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(await count('fifty')).toBe(1);
  });

  it('refuses a key that was used for another request', async () => {
    await post({ text: 'first' }, { 'idempotency-key': 'k-2' });
    const response = await post({ text: 'second' }, { 'idempotency-key': 'k-2' });
    expect(response.body).toMatchObject({ status: 409, code: 'conflict' });
    expect(await count('second')).toBe(0);
  });

  it('keeps no key of a request that was refused, so that it can be mended and sent again', async () => {
    const key = { 'idempotency-key': 'k-3' };
    expect((await post({ text: 'fail late' }, key)).status).toBe(409);
    expect((await post({ text: 'mended' }, key)).status).toBe(201);
  });

  it('refuses a key that is not one', async () => {
    expect((await post({ text: 'x' }, { 'idempotency-key': 'with space' })).status).toBe(400);
  });

  describe('asked to write with a session cookie', () => {
    const write = (headers: Record<string, string>) =>
      request(harness.service.app.getHttpServer())
        .post('/closed')
        .set({ host: 'q.example.org', cookie: 'ovop_session=a.b.c', ...headers });

    it.each([
      [{}],
      [{ origin: 'https://evil.example' }],
      [{ origin: 'null' }],
      [{ origin: 'https://q.example.org.evil' }],
    ])('refuses one that another site may have started: %j', async (headers) => {
      expect((await write(headers)).body).toMatchObject({ status: 403, code: 'forbidden' });
    });

    it('looks at the session of one from our own pages', async () => {
      expect((await write({ origin: 'https://q.example.org' })).body).toMatchObject({ code: 'unauthenticated' });
    });

    it('refuses one without any sign-in', async () => {
      const response = await request(harness.service.app.getHttpServer()).post('/closed');
      expect(response.body).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(response.headers['www-authenticate']).toBe('Bearer');
    });
  });

  it('reports its health and its figures', async () => {
    expect((await get('/health/live')).body).toEqual({ status: 'up' });
    expect((await get('/health/ready')).body).toMatchObject({ status: 'up', checks: { database: { status: 'up' } } });
    const figures = (await get('/metrics')).text;
    expect(figures).toMatch(/ovop_http_request_seconds_count\{[^}]*route="\/notes"/);
    expect(figures).toContain('ovop_relay_backlog');
  });
});

describe('the HTTP edge over a database that is gone', () => {
  it('answers 503 and works again when the database is back', async () => {
    const harness = await sample({ publisher: new LocalPublisher() });
    const { app } = harness.service;
    const name = new URL(harness.url).pathname.slice(1);
    const add = () => request(app.getHttpServer()).post('/notes').send({ text: 'x' });
    const admin = new Client({ connectionString: harness.url.replace(/\/[^/]*$/, '/postgres') });
    await admin.connect();
    try {
      await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      const refused = await add();
      expect(refused.body).toMatchObject({ status: 503, code: 'unavailable' });
      expect(refused.headers['retry-after']).toBe('5');
      expect((await request(app.getHttpServer()).get('/health/ready')).status).toBe(503);
      expect((await request(app.getHttpServer()).get('/health/live')).status).toBe(200);
      await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
      expect((await add()).status).toBe(201);
    } finally {
      await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
      await admin.end();
      await harness.stop().catch(() => undefined);
    }
  });
});
