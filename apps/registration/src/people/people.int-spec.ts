import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Organisation } from '#contracts';
import { TestRegister } from '../../test/register.js';
import type { Page } from '../page.js';
import type { Person, SignedIn } from './person.schemas.js';

const password = 'twelve letters and more';

describe('people', () => {
  let register: TestRegister;
  let admin: string;
  let producer: Organisation;
  let committee: Organisation;
  let foreign: Organisation;

  beforeAll(async () => {
    register = await TestRegister.start();
    admin = await register.key('administrator');
    const kg = await register.village(admin, 'KG');
    const kz = await register.village(admin, 'KZ');
    producer = await register.producer(admin, kg.village.id);
    committee = await register.committee(admin, kg.country.id);
    foreign = await register.producer(admin, kz.village.id);
  });
  afterAll(() => register.stop());

  const enter = (key: string, body: object) => register.send('POST', 'people', { key, body: { password, ...body } });

  it('enters a producer by phone number, who then signs in with it however it is typed', async () => {
    const body = { login: '+996 000 000 001', role: 'producer', organisationId: producer.id };
    const answer = await enter(admin, body);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        login: '+996000000001',
        organisationId: producer.id,
        country: 'KG',
      },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/argon2|twelve/);
    for (const login of ['+996000000001', '00996 (000) 000-001']) {
      const session = await register.send<SignedIn>('POST', 'sessions', { body: { login, password } });
      expect(session).toMatchObject({
        status: 201,
        body: { person: { role: 'producer', organisationId: producer.id } },
      });
    }
  });

  it('keeps the password as argon2id', async () => {
    await enter(admin, { login: 'inspector@demo.example', role: 'inspector', country: 'KG' });
    const { rows } = await register.pool.query<{ password_hash: string }>(
      `SELECT password_hash FROM person WHERE login = 'inspector@demo.example'`,
    );
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses a login that somebody has, whatever its letters', async () => {
    const body = { role: 'inspector', country: 'KG' };
    expect((await enter(admin, { ...body, login: 'Twice@Demo.Example' })).status).toBe(201);
    expect(await enter(admin, { ...body, login: 'twice@demo.example' })).toMatchObject({ status: 409 });
  });

  it('lets officers enter the producers of their country and nobody else', async () => {
    const officer = await register.key('officer', { country: 'KG' });
    const send = (body: object) => enter(officer, { login: `${crypto.randomUUID()}@demo.example`, ...body });
    expect((await send({ role: 'producer', organisationId: producer.id })).status).toBe(201);
    expect((await send({ role: 'producer', organisationId: foreign.id })).status).toBe(403);
    expect((await send({ role: 'committee', organisationId: committee.id })).status).toBe(403);
    expect((await send({ role: 'administrator' })).status).toBe(403);
    const member = await register.key('committee', { organisationId: committee.id, country: 'KG' });
    expect(
      (await enter(member, { login: 'x@demo.example', role: 'producer', organisationId: producer.id })).status,
    ).toBe(403);
  });

  it.each([
    ['a short password', () => ({ role: 'inspector', password: 'elevenchars' }), 'password'],
    ['a producer without organisation', () => ({ role: 'producer' }), 'organisationId'],
    ['a producer of a committee', () => ({ role: 'producer', organisationId: committee.id }), 'organisationId'],
    ['a committee member of a producer', () => ({ role: 'committee', organisationId: producer.id }), 'organisationId'],
    [
      'another country than the organisation’s',
      () => ({ role: 'producer', organisationId: producer.id, country: 'TJ' }),
      'country',
    ],
    [
      'an organisation that does not exist',
      () => ({ role: 'producer', organisationId: crypto.randomUUID() }),
      'organisationId',
    ],
    ['an unknown role', () => ({ role: 'king' }), 'role'],
    ['a number without its country', () => ({ role: 'inspector', login: '0555 123 456' }), 'login'],
  ])('refuses %s and names the field', async (_, body, field) => {
    const before = await register.count('person');
    const answer = await enter(admin, { login: 'refused@demo.example', ...body() });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid', faults: [{ field }] } });
    expect(await register.count('person')).toBe(before);
  });

  it('replays an Idempotency-Key, whose record tells nothing of the password', async () => {
    const body = { login: 'once@demo.example', password, role: 'officer', country: 'KG' };
    const send = (change: object = {}) =>
      register.send<Person>('POST', 'people', {
        key: admin,
        body: {
          ...body,
          ...change,
        },
        headers: { 'idempotency-key': 'person-once' },
      });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect((await send({ password: 'another password' })).status).toBe(409);
    const { rows } = await register.pool.query<{ request_hash: string }>(
      `SELECT request_hash FROM idempotency_key WHERE key = 'person-once'`,
    );
    const guess = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(body)));
    expect(rows[0]?.request_hash).not.toBe(Buffer.from(guess).toString('hex'));
  });

  it('lists the accounts for administrators only', async () => {
    const list = await register.send<Page<Person>>('GET', 'people?role=officer', { key: admin });
    expect(list.body.items.map(({ login }) => login)).toContain('once@demo.example');
    expect((await register.send('GET', 'people', { key: await register.key('officer') })).status).toBe(403);
    expect((await register.send('GET', 'people/me', { key: admin })).status).toBe(404);
  });
});
