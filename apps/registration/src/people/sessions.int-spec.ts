import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, decodeJwt } from 'jose';
import { TestRegister, type Answer, type ProblemBody } from '../../test/register.js';
import type { Jwks, Person, SignedIn } from './person.schemas.js';

const login = 'administrator@demo.example';
const password = 'correct horse battery';
const minutes = (n: number) => n * 60_000;

/** The cookies of an answer by name: the value, and the attributes as they were sent. */
function cookiesOf({ headers }: Answer): Map<string, { value: string; attributes: string }> {
  return new Map(
    headers.getSetCookie().map((line) => {
      const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*); (.*)$/.exec(line) ?? [];
      return [name, { value, attributes }];
    }),
  );
}

describe('sessions', () => {
  let register: TestRegister;
  beforeAll(async () => {
    register = await TestRegister.start({ ADMIN_LOGIN: login, ADMIN_PASSWORD: password });
  });
  afterAll(() => register.stop());
  beforeEach(async () => {
    register.clock.now = new Date();
    await register.pool.query('DELETE FROM sign_in_window');
  });

  const signIn = (body: object = { login, password }) => register.send<SignedIn>('POST', 'sessions', { body });
  const refresh = (token: string) =>
    register.send<SignedIn>('POST', 'sessions/refresh', { headers: { cookie: `ovop_refresh=${token}` } });
  const refreshTokenOf = (answer: Answer) => cookiesOf(answer).get('ovop_refresh')?.value ?? '';

  it('signs the first administrator in with a token that every service can check', async () => {
    const answer = await signIn();
    expect(answer).toMatchObject({
      status: 201,
      body: { person: { role: 'administrator', organisationId: null, login } },
    });
    const { accessToken, expiresAt, person } = answer.body;
    expect(decodeJwt(accessToken)).toMatchObject({
      iss: 'ovop-trace',
      sub: person.id,
      role: 'administrator',
      org: null,
      country: null,
      exp: Math.floor(Date.parse(expiresAt) / 1e3),
    });
    expect(Date.parse(expiresAt) - register.clock.now.getTime()).toBe(minutes(15));
    const me = await register.send<Person>('GET', 'people/me', { key: accessToken });
    expect(me).toMatchObject({ status: 200, body: { id: person.id, login } });
    expect(JSON.stringify(me.body)).not.toContain('argon2');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('publishes only the public half of the key that the token names', async () => {
    const { accessToken } = (await signIn()).body;
    const answer = await register.send<Jwks>('GET', 'jwks.json');
    expect(answer.headers.get('cache-control')).toContain('max-age');
    expect(answer.body.keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(accessToken).kid);
    expect(answer.body.keys.every((key) => !('d' in key))).toBe(true);
    const { rows } = await register.pool.query<{ sealed: Buffer }>(
      'SELECT sealed_private_jwk AS sealed FROM session_key',
    );
    expect(rows[0]?.sealed.includes('"d"')).toBe(false);
  });

  it('gives an HttpOnly session cookie for every path and a refresh cookie for the sessions only', async () => {
    const cookies = cookiesOf(await signIn());
    expect(cookies.get('ovop_session')?.attributes).toMatch(/^Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
    expect(cookies.get('ovop_refresh')?.attributes).toMatch(
      /^Path=\/api\/registration\/sessions; Expires=.*; HttpOnly; SameSite=Strict$/,
    );
    const cookie = `ovop_session=${cookies.get('ovop_session')?.value}`;
    expect((await register.send('GET', 'people/me', { headers: { cookie } })).status).toBe(200);
  });

  it('marks the cookies Secure when the public address is https', async () => {
    const secure = await TestRegister.start({
      PUBLIC_BASE_URL: 'https://ovop.example',
      ADMIN_LOGIN: login,
      ADMIN_PASSWORD: password,
    });
    const answer = await secure.send('POST', 'sessions', { body: { login, password } });
    for (const { attributes } of cookiesOf(answer).values()) expect(attributes).toContain('Secure');
    await secure.stop();
  });

  it('exchanges a refresh token for the next one', async () => {
    const first = await signIn();
    register.clock.now = new Date(register.clock.now.getTime() + minutes(14));
    const second = await refresh(refreshTokenOf(first));
    expect(second.status).toBe(200);
    expect(second.body.person).toEqual(first.body.person);
    expect((await refresh(refreshTokenOf(second))).status).toBe(200);
  });

  it('ends the whole session when an old refresh token comes again', async () => {
    const first = refreshTokenOf(await signIn());
    const second = refreshTokenOf(await refresh(first));
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(second)).status).toBe(401);
  });

  it('lets one of two refreshes at once through and then ends the session', async () => {
    const token = refreshTokenOf(await signIn());
    const answers = await Promise.all([refresh(token), refresh(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = answers.find(({ status }) => status === 200);
    expect(winner && (await refresh(refreshTokenOf(winner))).status).toBe(401);
  });

  it('ends a session after thirty days', async () => {
    const token = refreshTokenOf(await signIn());
    register.clock.now = new Date(register.clock.now.getTime() + 30 * 24 * minutes(60));
    expect((await refresh(token)).status).toBe(401);
  });

  it('signs out: the session ends and its cookies go', async () => {
    const token = refreshTokenOf(await signIn());
    const out = await register.send('DELETE', 'sessions/current', { headers: { cookie: `ovop_refresh=${token}` } });
    expect(out.status).toBe(204);
    for (const { value } of cookiesOf(out).values()) expect(value).toBe('');
    expect((await refresh(token)).status).toBe(401);
    expect((await register.send('DELETE', 'sessions/current')).status).toBe(204);
  });

  it('signs out with an old refresh token too', async () => {
    const old = refreshTokenOf(await signIn());
    const newest = refreshTokenOf(await refresh(old));
    await register.send('DELETE', 'sessions/current', { headers: { cookie: `ovop_refresh=${old}` } });
    expect((await refresh(newest)).status).toBe(401);
  });

  it('refuses what is no refresh token', async () => {
    for (const token of ['', 'x', 'a.b', `${crypto.randomUUID()}.${'A'.repeat(43)}`])
      expect((await refresh(token)).status).toBe(401);
  });

  it('answers a wrong password and an unknown login with the same words', async () => {
    const wrong = await register.send('POST', 'sessions', { body: { login, password: 'wrong horse battery' } });
    const unknown = await register.send('POST', 'sessions', { body: { login: '+996 555 000 000', password } });
    const { detail, code } = wrong.body;
    expect(wrong.status).toBe(401);
    expect({ status: unknown.status, detail: unknown.body.detail, code: unknown.body.code }).toEqual({
      status: 401,
      detail,
      code,
    });
  });

  it.each([
    ['known', login],
    ['unknown', 'nobody@demo.example'],
  ])(
    'makes a %s login wait after ten failures, also those sent at once, and lets it in again later',
    async (_, name) => {
      const fail = () => register.send('POST', 'sessions', { body: { login: name, password: 'wrong horse battery' } });
      const statuses = (await Promise.all(Array.from({ length: 12 }, fail))).map(({ status }) => status);
      expect(statuses.filter((status) => status === 401)).toHaveLength(10);
      expect(statuses.filter((status) => status === 429)).toHaveLength(2);
      const locked = await register.send('POST', 'sessions', { body: { login: name, password } });
      expect(locked).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
      expect(locked.body.detail).toContain('15 minutes');
      register.clock.now = new Date(register.clock.now.getTime() + minutes(15));
      expect((await signIn({ login: name, password })).status).toBe(name === login ? 201 : 401);
    },
  );

  it('forgets the failures of a login that signs in, and keeps no login and no address', async () => {
    for (let i = 0; i < 9; i++) await signIn({ login, password: 'wrong horse battery' });
    expect((await signIn()).status).toBe(201);
    for (let i = 0; i < 9; i++) await signIn({ login, password: 'wrong horse battery' });
    expect((await signIn()).status).toBe(201);
    const { rows } = await register.pool.query<{ key: string }>('SELECT key FROM sign_in_window');
    expect(rows.every(({ key }) => !key.includes('127.0.0.1') && !key.includes('@'))).toBe(true);
  });

  it('makes an address wait that fails with ever new logins', async () => {
    await register.send('POST', 'sessions', { body: { login: 'a@demo.example', password: 'wrong horse battery' } });
    await register.pool.query('UPDATE sign_in_window SET attempts = 100');
    const answer = await register.send('POST', 'sessions', { body: { login: 'b@demo.example', password } });
    expect(answer).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
  });

  it('removes the windows that are over', async () => {
    await register.pool.query(
      `INSERT INTO sign_in_window SELECT 'old ' || n, now() - interval '1 hour', 1 FROM generate_series(1, 15) AS n`,
    );
    await signIn();
    expect(await register.count(`sign_in_window WHERE key LIKE 'old %'`)).toBe(0);
  });

  it('keeps at most twenty sessions of a person', async () => {
    for (let i = 0; i < 22; i++) await signIn();
    expect(await register.count('session')).toBe(20);
  });

  it('starts with the key that is there, and with a new one when SESSION_SECRET is another', async () => {
    const { accessToken } = (await signIn()).body;
    const keyIds = async () => (await register.send<Jwks>('GET', 'jwks.json')).body.keys.map(({ kid }) => kid);
    const before = await keyIds();
    await (await register.again()).stop();
    expect(await keyIds()).toEqual(before);
    const changed = await register.again({ SESSION_SECRET: Buffer.alloc(32, 8).toString('base64') });
    expect(await keyIds()).toEqual([expect.any(String), ...before]);
    expect(await register.count('person')).toBe(1);
    await changed.stop();
    expect((await register.send('GET', 'people/me', { key: accessToken })).status).toBe(200);
  });

  it('stores no token for an Idempotency-Key', async () => {
    await register.send('POST', 'sessions', { body: { login, password }, headers: { 'idempotency-key': 'sign-in' } });
    expect(await register.count(`idempotency_key WHERE key = 'sign-in'`)).toBe(0);
  });

  it.each([
    ['no password', { login }],
    ['an unknown field', { login, password, remember: true }],
    ['what is neither address nor number', { login: 'administrator', password }],
  ])('refuses %s', async (_, body) => {
    const answer = await register.send<ProblemBody>('POST', 'sessions', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });
});
