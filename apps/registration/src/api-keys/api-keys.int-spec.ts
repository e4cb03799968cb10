import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { hashApiKey } from '#platform';
import { TestRegister } from '../../test/register.js';
import type { Page } from '../page.js';
import type { ApiKeyFacts, IssuedApiKey } from './api-key.schemas.js';

describe('API keys', () => {
  let register: TestRegister;
  let admin: string;
  beforeAll(async () => {
    register = await TestRegister.start();
    admin = await register.key('administrator');
  });
  afterAll(() => register.stop());

  const issue = (body: object, headers: Record<string, string> = {}) =>
    register.send<IssuedApiKey>('POST', 'api-keys', { key: admin, body, headers });

  it('issues a key that works at once, of which only the hash is kept', async () => {
    const { status, body } = await issue({ role: 'inspector', country: 'KG' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ role: 'inspector', country: 'KG', organisationId: null, revokedAt: null });
    expect(body.key).toMatch(/^ovop_[\w-]{43}$/);
    expect((await register.send('GET', 'organisations', { key: body.key ?? '' })).status).toBe(200);
    const [event] = await register.events(body.id);
    expect(event).toMatchObject({
      type: 'registration.api-key.issued.v1',
      data: { apiKey: { hash: hashApiKey(body.key ?? '') } },
    });
    expect(JSON.stringify(event)).not.toContain(body.key);
  });

  it('shows the key once: a request that is sent again gets the same answer without it', async () => {
    const first = await issue({ role: 'inspector' }, { 'idempotency-key': 'key-once' });
    const again = await issue({ role: 'inspector' }, { 'idempotency-key': 'key-once' });
    expect(again.body).toEqual({ ...first.body, key: null });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const { rows } = await register.pool.query<{ response: string }>(
      `SELECT response FROM idempotency_key WHERE key = 'key-once'`,
    );
    expect(rows[0]?.response).not.toContain('ovop_');
  });

  it('revokes a key at once, once', async () => {
    const { id, key } = (await issue({ role: 'inspector' })).body;
    const revoke = () => register.send('DELETE', `api-keys/${id}`, { key: admin });
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(204);
    expect((await register.send('GET', 'organisations', { key: key ?? '' })).status).toBe(401);
    expect((await register.events(id)).map(({ type }) => type)).toEqual([
      'registration.api-key.issued.v1',
      'registration.api-key.revoked.v1',
    ]);
    expect((await register.send('DELETE', `api-keys/${randomUUID()}`, { key: admin })).status).toBe(404);
  });

  it('keeps its table as it is when its own events come back', async () => {
    const { id } = (await issue({ role: 'inspector' })).body;
    const before = await register.count('api_key');
    const { rows } = await register.pool.query<{ topic: string; key: string; value: string }>(
      'SELECT topic, key, value FROM outbox WHERE key = $1',
      [id],
    );
    for (const message of rows) await register.service.events.receive(message);
    expect(await register.count('api_key')).toBe(before);
    expect(await register.count('dead_letter')).toBe(0);
  });

  it.each([
    ['a producer without organisation', { role: 'producer' }, 'organisationId'],
    ['an organisation that does not exist', { role: 'inspector', organisationId: randomUUID() }, 'organisationId'],
    ['an end in the past', { role: 'inspector', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['an unknown country', { role: 'inspector', country: 'JP' }, 'country'],
  ])('refuses %s and names the field', async (_, body, field) => {
    const before = await register.count('api_key');
    expect(await issue(body)).toMatchObject({ status: 400, body: { faults: [{ field }] } });
    expect(await register.count('api_key')).toBe(before);
  });

  it('lists keys without their hashes, for administrators only', async () => {
    const page = await register.send<Page<ApiKeyFacts>>('GET', 'api-keys?limit=2', { key: admin });
    expect(page.body.items).toHaveLength(2);
    expect(JSON.stringify(page.body)).not.toContain('hash');
    const next = await register.send<Page<ApiKeyFacts>>('GET', `api-keys?limit=2&cursor=${page.body.nextCursor}`, {
      key: admin,
    });
    expect(next.body.items.map(({ id }) => id)).not.toContain(page.body.items[1]?.id);
    const officer = await register.key('officer');
    expect((await register.send('GET', 'api-keys', { key: officer })).status).toBe(403);
    expect((await register.send('POST', 'api-keys', { key: officer, body: { role: 'administrator' } })).status).toBe(
      403,
    );
  });
});
