import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Organisation } from '#contracts';
import { producerIn, TestRegister } from '../../test/register.js';
import type { Page } from '../page.js';
import type { OrganisationAnswer } from './organisation.schemas.js';

describe('organisations', () => {
  let register: TestRegister;
  let admin: string;
  let kg: Awaited<ReturnType<TestRegister['village']>>;
  let kz: Awaited<ReturnType<TestRegister['village']>>;
  let committee: Organisation;

  beforeAll(async () => {
    register = await TestRegister.start();
    admin = await register.key('administrator');
    kg = await register.village(admin, 'KG');
    kz = await register.village(admin, 'KZ');
    committee = await register.committee(admin, kg.country.id);
  });
  afterAll(() => register.stop());

  it('gives a producer a code, its country and a GTIN prefix, and says so in an event', async () => {
    const officer = await register.key('officer', { country: 'KG' });
    const first = await register.producer(officer, kg.village.id);
    const second = await register.producer(officer, kg.village.id);
    expect(first).toMatchObject({ country: 'KG', status: 'registered', kind: 'producer' });
    expect(first.code).toMatch(/^P-\d{6}$/);
    expect(first.gtinPrefix).toMatch(/^952\d{5}$/);
    expect(Number(second.gtinPrefix)).toBe(Number(first.gtinPrefix) + 1);
    expect(await register.events(first.id)).toMatchObject([
      { type: 'registration.organisation.registered.v1', data: { organisation: first } },
    ]);
  });

  it('gives organisations entered at once different codes and prefixes', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => register.producer(admin, kg.village.id)));
    expect(new Set(all.map(({ code }) => code)).size).toBe(8);
    expect(new Set(all.map(({ gtinPrefix }) => gtinPrefix)).size).toBe(8);
  });

  it('refuses a code that is taken and writes nothing', async () => {
    await register.producer(admin, kg.village.id, { code: 'ATB-1' });
    const before = await register.count('outbox');
    const answer = await register.send('POST', 'organisations', {
      key: admin,
      body: { ...producerIn(kg.village.id), code: 'ATB-1' },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toContain('ATB-1');
    expect(await register.count('outbox')).toBe(before);
  });

  it.each([
    ['a code of the form that the register gives', { code: 'P-000001' }, 'code'],
    ['a place that does not exist', { placeId: randomUUID() }, 'placeId'],
    ['an unknown kind', { kind: 'factory' }, 'kind'],
    ['an unknown language', { names: { xx: 'name' } }, 'names'],
    ['no name', { names: {} }, 'names'],
  ])('refuses %s and names the field', async (_, change, field) => {
    const body = { ...producerIn(kg.village.id), ...change };
    const answer = await register.send('POST', 'organisations', { key: admin, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(answer.body.faults?.map((fault) => fault.field)).toContain(field);
  });

  it('refuses a field that it does not know', async () => {
    const body = { ...producerIn(kg.village.id), status: 'approved' };
    const answer = await register.send('POST', 'organisations', { key: admin, body });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain('status');
  });

  it('refuses a body that is not JSON', async () => {
    const answer = await register.send('POST', 'organisations', { key: admin, body: '{"kind": "producer"' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it('refuses a producer whose place is a whole district', async () => {
    const answer = await register.send('POST', 'organisations', { key: admin, body: producerIn(kg.district.id) });
    expect(answer).toMatchObject({ status: 400, body: { faults: [{ field: 'placeId' }] } });
  });

  it('refuses officers another country, committees of their own making, and producers everything', async () => {
    const officer = await register.key('officer', { country: 'KG' });
    const producer = await register.key('producer', { organisationId: randomUUID(), country: 'KG' });
    const send = (key: string, body: object) => register.send('POST', 'organisations', { key, body });
    expect((await send(officer, producerIn(kz.village.id))).status).toBe(403);
    expect((await send(officer, { ...producerIn(kg.village.id), kind: 'committee' })).status).toBe(403);
    expect((await send(producer, producerIn(kg.village.id))).status).toBe(403);
    expect((await register.send('POST', 'organisations', { body: producerIn(kg.village.id) })).status).toBe(401);
  });

  it('lets a committee approve and says who decided', async () => {
    const member = await register.key('committee', { organisationId: committee.id, country: 'KG' });
    const { id } = await register.producer(admin, kg.village.id);
    const answer = await register.send<OrganisationAnswer>('POST', `organisations/${id}/approve`, { key: member });
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'approved' } });
    expect(answer.body.approval).toMatchObject({ committeeId: committee.id, committeeNames: committee.names });
    expect((await register.events(id)).at(-1)).toMatchObject({
      type: 'registration.organisation.approved.v1',
      data: { organisation: { id, status: 'approved' }, decision: answer.body.approval },
    });
    const read = await register.send<OrganisationAnswer>('GET', `organisations/${id}`, { key: member });
    expect(read.body).toMatchObject({ status: 'approved', approval: answer.body.approval });
    expect(read.body.place.path.map(({ level }) => level)).toEqual([2, 0]);
  });

  it('lets exactly one of several approvals at once stand', async () => {
    const { id } = await register.producer(admin, kg.village.id);
    const approve = () =>
      register.send('POST', `organisations/${id}/approve`, { key: admin, body: { committeeId: committee.id } });
    const statuses = (await Promise.all(Array.from({ length: 6 }, approve))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await register.events(id)).toHaveLength(2);
  });

  it('refuses an approval by another country, by an officer, for another committee, or by no committee', async () => {
    const { id } = await register.producer(admin, kg.village.id);
    const foreign = await register.committee(admin, kz.country.id);
    const approve = (key: string, body?: object) => register.send('POST', `organisations/${id}/approve`, { key, body });
    const stranger = await register.key('committee', { organisationId: foreign.id, country: 'KZ' });
    const officer = await register.key('officer', { country: 'KG' });
    const member = await register.key('committee', { organisationId: committee.id, country: 'KG' });
    expect((await approve(stranger)).status).toBe(403);
    expect((await approve(officer)).status).toBe(403);
    expect((await approve(member, { committeeId: foreign.id })).status).toBe(403);
    expect((await approve(admin, { committeeId: foreign.id })).status).toBe(403);
    expect(await approve(admin)).toMatchObject({ status: 400, body: { faults: [{ field: 'committeeId' }] } });
    expect(await approve(admin, { committeeId: id })).toMatchObject({ status: 400 });
    expect(await register.events(id)).toHaveLength(1);
  });

  it('answers not-found for an organisation that does not exist and invalid for what is no id', async () => {
    expect((await register.send('GET', `organisations/${randomUUID()}`, { key: admin })).status).toBe(404);
    expect((await register.send('GET', 'organisations/first', { key: admin })).status).toBe(400);
  });

  it('shows producers their own organisation only, and others their country', async () => {
    const own = await register.producer(admin, kg.village.id);
    const foreign = await register.producer(admin, kz.village.id);
    const producer = await register.key('producer', { organisationId: own.id, country: 'KG' });
    const inspector = await register.key('inspector', { country: 'KZ' });
    const list = (key: string, query = '') =>
      register.send<Page<OrganisationAnswer>>('GET', `organisations${query}`, { key });
    expect((await list(producer)).body.items.map(({ id }) => id)).toEqual([own.id]);
    expect((await register.send('GET', `organisations/${foreign.id}`, { key: producer })).status).toBe(403);
    expect(new Set((await list(inspector)).body.items.map(({ country }) => country))).toEqual(new Set(['KZ']));
    expect((await list(inspector, '?country=KG')).status).toBe(403);
    expect((await register.send('GET', `organisations/${own.id}`, { key: inspector })).status).toBe(403);
  });

  it('pages through a filtered list without losing or repeating any', async () => {
    const names = { en: 'Paged 100% Wool_Works' };
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await register.producer(admin, kg.village.id, { names })).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `?q=100%25+wool_w&kind=producer&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = await register.send<Page<OrganisationAnswer>>('GET', `organisations${query}`, { key: admin });
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect([...seen].sort()).toEqual([...made].sort());
    const wild = await register.send<Page<OrganisationAnswer>>('GET', 'organisations?q=100_wool%25', { key: admin });
    expect(wild.body.items).toEqual([]);
    expect((await register.send('GET', 'organisations?limit=1000', { key: admin })).status).toBe(400);
  });

  it('answers a repeated request with its Idempotency-Key from the record', async () => {
    const send = () =>
      register.send<Organisation>('POST', 'organisations', {
        key: admin,
        body: producerIn(kg.village.id),
        headers: { 'idempotency-key': 'register-once' },
      });
    const first = await send();
    const again = await send();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });
});
