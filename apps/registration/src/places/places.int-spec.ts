import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Place } from '#contracts';
import { TestRegister } from '../../test/register.js';
import type { Page } from '../page.js';
import type { PlaceAnswer } from './place.schemas.js';

describe('places', () => {
  let register: TestRegister;
  let admin: string;
  let country: Place;
  let district: Place;
  beforeAll(async () => {
    register = await TestRegister.start();
    admin = await register.key('administrator');
    ({ country, district } = await register.village(admin));
  });
  afterAll(() => register.stop());

  const village = (change: object = {}) => ({
    country: 'KG',
    level: 4,
    type: 'ayyl',
    parentId: district.id,
    names: {
      en: 'Ak-Say',
      ky: 'Ак-Сай',
    },
    ...change,
  });
  const record = (body: object, key = admin) => register.send('POST', 'places', { key, body });
  const search = (query: string) => register.send<Page<PlaceAnswer>>('GET', `places?${query}`, { key: admin });

  it('enters the same name twice in one district, told apart by the code', async () => {
    const codes = ['41702220808020', '41702220815020'];
    for (const code of codes) {
      const place = await register.post<Place>('places', admin, village({ codeSystem: 'SOATE', code }));
      expect(await register.events(place.id)).toMatchObject([
        { type: 'registration.place.recorded.v1', data: { place } },
      ]);
    }
    const found = await search(`q=${encodeURIComponent('ак-сай')}`);
    expect(found.body.items.map(({ code }) => code).sort()).toEqual(codes);
    expect(found.body.items[0]?.path.map(({ level }) => level)).toEqual([2, 0]);
    expect((await search(`code=${codes[1]}`)).body.items).toHaveLength(1);
  });

  it('refuses the same code a second time with a sentence and writes nothing', async () => {
    const place = village({ codeSystem: 'SOATE', code: '41702210815010' });
    await register.post('places', admin, place);
    const before = await register.count('outbox');
    const answer = await record({ ...place, names: { en: 'Elsewhere' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toContain('41702210815010');
    expect(await register.count('outbox')).toBe(before);
  });

  it('finds a place by an alias and pages with the larger places first', async () => {
    for (const level of [4, 3, 4])
      await register.post('places', admin, village({ level, names: { en: 'Barskoon' }, aliases: ['Барскаун'] }));
    const first = await search(`q=${encodeURIComponent('барскаун')}&limit=2`);
    const second = await search(`q=${encodeURIComponent('барскаун')}&limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map(({ level }) => level)).toEqual([3, 4, 4]);
    expect(second.body.nextCursor).toBeNull();
    const below = await search(`parentId=${country.id}`);
    expect(below.body.items.map(({ id }) => id)).toEqual([district.id]);
  });

  it.each([
    ['a parent that does not exist', () => village({ parentId: randomUUID() }), 'parentId'],
    ['a village without parent', () => village({ parentId: null }), 'parentId'],
    ['a parent in another country', () => village({ country: 'KZ' }), 'parentId'],
    ['a level that is not below its parent', () => village({ level: 1 }), 'level'],
    ['a code without its system', () => village({ code: '41702220815020' }), 'code'],
    ['a SOATE code of another country', () => village({ codeSystem: 'SOATE', code: '39802220815020' }), 'code'],
    ['a latitude beyond the pole', () => village({ latitude: 91 }), 'latitude'],
    ['an end before the beginning', () => village({ validFrom: '2020-01-02', validTo: '2020-01-01' }), 'validTo'],
  ])('refuses %s and names the field', async (_, body, field) => {
    const before = await register.count('place');
    expect(await record(body())).toMatchObject({ status: 400, body: { code: 'invalid', faults: [{ field }] } });
    expect(await register.count('place')).toBe(before);
  });

  it('lets administrators enter places and everybody signed in read them', async () => {
    const producer = await register.key('producer', { organisationId: randomUUID() });
    expect((await record(village(), producer)).status).toBe(403);
    expect((await register.send('GET', `places/${district.id}`, { key: producer })).status).toBe(200);
    expect((await register.send('GET', `places/${district.id}`)).status).toBe(401);
    expect((await register.send('GET', `places/${randomUUID()}`, { key: producer })).status).toBe(404);
  });
});
