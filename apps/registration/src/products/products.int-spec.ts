import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Organisation, Product } from '#contracts';
import { isValidGtin } from '#label';
import { honeyOf, step, TestRegister } from '../../test/register.js';
import type { Page } from '../page.js';
import type { CertifiedProduct, ProductAnswer } from './product.schemas.js';

describe('products', () => {
  let register: TestRegister;
  let admin: string;
  let villageId: string;
  let committee: Organisation;
  let approved: Organisation;
  let member: string;

  beforeAll(async () => {
    register = await TestRegister.start();
    register.clock.now = new Date('2026-05-04T10:00:00Z');
    admin = await register.key('administrator');
    const kg = await register.village(admin, 'KG');
    villageId = kg.village.id;
    committee = await register.committee(admin, kg.country.id);
    member = await register.key('committee', { organisationId: committee.id, country: 'KG' });
    approved = await approvedProducer();
  });
  afterAll(() => register.stop());

  async function approvedProducer(): Promise<Organisation> {
    const organisation = await register.producer(admin, villageId);
    return register.post('organisations/' + organisation.id + '/approve', member);
  }
  const producerKey = ({ id }: Organisation) => register.key('producer', { organisationId: id, country: 'KG' });
  const certify = (id: string, key = member, body?: object) =>
    register.send<CertifiedProduct>('POST', `products/${id}/certify`, { key, body });

  it("allocates a GTIN under the producer's prefix and says so in an event", async () => {
    const key = await producerKey(approved);
    const first = await register.product(key, approved.id);
    const second = await register.product(key, approved.id);
    expect(first).toMatchObject({ status: 'registered', organisationId: approved.id, shelfLifeDays: 730 });
    expect(isValidGtin(first.gtin)).toBe(true);
    expect(first.gtin.slice(0, 9)).toBe(`0${approved.gtinPrefix}`);
    expect(Number(second.gtin.slice(9, 13))).toBe(Number(first.gtin.slice(9, 13)) + 1);
    expect(await register.events(first.id)).toMatchObject([
      { type: 'registration.product.registered.v1', data: { product: first } },
    ]);
  });

  it('gives products entered at once different GTINs', async () => {
    const key = await producerKey(approved);
    const all = await Promise.all(Array.from({ length: 10 }, () => register.product(key, approved.id)));
    expect(new Set(all.map(({ gtin }) => gtin)).size).toBe(10);
  });

  it('says so when the prefix has no GTIN left, and writes nothing', async () => {
    const full = await approvedProducer();
    await register.pool.query('UPDATE organisation SET last_item_reference = 9998 WHERE id = $1', [full.id]);
    const last = await register.product(admin, full.id);
    expect(last.gtin.slice(9, 13)).toBe('9999');
    const before = await register.count('product');
    const answer = await register.send('POST', 'products', { key: admin, body: honeyOf(full.id) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toContain('no item reference left');
    expect(await register.count('product')).toBe(before);
  });

  it('takes an own GTIN once, in any of its lengths', async () => {
    const product = await register.product(admin, approved.id, { gtin: '4006381333931' });
    expect(product.gtin).toBe('04006381333931');
    const again = await register.send('POST', 'products', {
      key: admin,
      body: { ...honeyOf(approved.id), gtin: '04006381333931' },
    });
    expect(again.status).toBe(409);
  });

  it.each([
    ['a GTIN with a wrong check digit', { gtin: '4006381333932' }, 'gtin'],
    ['a restricted-circulation GTIN', { gtin: '2000000000008' }, 'gtin'],
    ["a GTIN of the programme's prefix", { gtin: '9521234567899' }, 'gtin'],
    ['an unknown unit', { netContent: { value: 250, unit: 'GRAM' } }, 'netContent.unit'],
    ['a net content of nothing', { netContent: { value: 0, unit: 'GRM' } }, 'netContent.value'],
    ['a wrong HS code', { hsCode: '0409' }, 'hsCode'],
    ['no step', { processTemplate: [] }, 'processTemplate'],
    ['steps with a gap', { processTemplate: [step(1, 'SHEAR'), step(3, 'WASH')] }, 'processTemplate.1.sequence'],
    ['steps out of order', { processTemplate: [step(2, 'WASH'), step(1, 'SHEAR')] }, 'processTemplate.0.sequence'],
    ['an organisation that does not exist', { organisationId: randomUUID() }, 'organisationId'],
  ])('refuses %s and names the field', async (_, change, field) => {
    const before = await register.count('outbox');
    const body = { ...honeyOf(approved.id), ...change };
    const answer = await register.send('POST', 'products', { key: admin, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid', faults: [{ field }] } });
    expect(await register.count('outbox')).toBe(before);
  });

  it('refuses a product of an organisation that is no producer', async () => {
    const answer = await register.send('POST', 'products', { key: admin, body: honeyOf(committee.id) });
    expect(answer).toMatchObject({ status: 400, body: { faults: [{ field: 'organisationId' }] } });
  });

  it('refuses producers the products of another organisation', async () => {
    const other = await approvedProducer();
    const stranger = await producerKey(other);
    const { id } = await register.product(admin, approved.id);
    const { organisationId: _, ...facts } = honeyOf(approved.id);
    const send = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
      register.send(method, path, { key: stranger, body });
    expect((await send('POST', 'products', honeyOf(approved.id))).status).toBe(403);
    expect((await send('GET', `products/${id}`)).status).toBe(403);
    expect((await send('PUT', `products/${id}`, facts)).status).toBe(403);
    expect((await send('GET', `products?organisationId=${approved.id}`)).status).toBe(403);
    const own = await register.send<Page<ProductAnswer>>('GET', 'products', { key: stranger });
    expect(own.body.items).toEqual([]);
  });

  it('changes what is said about a product until it is certified', async () => {
    const key = await producerKey(approved);
    const { id, gtin } = await register.product(key, approved.id);
    const { organisationId: _, ...facts } = { ...honeyOf(approved.id), names: { en: 'Mountain honey' } };
    const changed = await register.send<Product>('PUT', `products/${id}`, { key, body: facts });
    expect(changed).toMatchObject({ status: 200, body: { id, gtin, names: { en: 'Mountain honey' } } });
    expect((await register.events(id)).at(-1)).toMatchObject({ data: { product: changed.body } });
    expect((await certify(id)).status).toBe(200);
    const late = await register.send('PUT', `products/${id}`, { key, body: facts });
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('certifies with a number, a last day and the committee, and says so in an event', async () => {
    const { id } = await register.product(admin, approved.id);
    const answer = await certify(id);
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'certified' } });
    const { certification, ...product } = answer.body;
    expect(certification).toEqual({
      number: expect.stringMatching(/^KG-2026-\d{6}$/),
      validUntil: '2029-05-04',
      committeeId: committee.id,
      committeeNames: committee.names,
      decidedAt: '2026-05-04T10:00:00.000Z',
    });
    expect((await register.events(id)).at(-1)).toMatchObject({
      type: 'registration.product.certified.v1',
      data: {
        product,
        certification,
      },
    });
    const read = await register.send<ProductAnswer>('GET', `products/${id}`, { key: member });
    expect(read.body).toMatchObject({ status: 'certified', certification, organisation: { code: approved.code } });
  });

  it('numbers certificates without a gap, also when they are entered at once', async () => {
    const products = await Promise.all(Array.from({ length: 4 }, () => register.product(admin, approved.id)));
    const refused = await register.product(admin, (await register.producer(admin, villageId)).id);
    const answers = await Promise.all([...products, refused].map(({ id }) => certify(id)));
    const numbers = answers
      .filter(({ status }) => status === 200)
      .map(({ body }) => Number(body.certification.number.slice(-6)))
      .sort((a, b) => a - b);
    expect(numbers).toHaveLength(4);
    expect((numbers[3] ?? 0) - (numbers[0] ?? 0)).toBe(3);
  });

  it('lets exactly one of several certifications at once stand', async () => {
    const { id } = await register.product(admin, approved.id);
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => certify(id)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await register.events(id)).toHaveLength(2);
  });

  it('refuses to certify before the organisation is approved, with a sentence', async () => {
    const { id: organisationId, code } = await register.producer(admin, villageId);
    const { id } = await register.product(admin, organisationId);
    const answer = await register.send('POST', `products/${id}/certify`, { key: member });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toBe(`organisation ${code} is registered, it must be approved first`);
    expect(await register.events(id)).toHaveLength(1);
  });

  it('refuses a certification by another role, another country, for no committee, or into the past', async () => {
    const { id } = await register.product(admin, approved.id);
    const kz = await register.village(admin, 'KZ');
    const foreign = await register.committee(admin, kz.country.id);
    const stranger = await register.key('committee', { organisationId: foreign.id, country: 'KZ' });
    expect((await certify(id, await producerKey(approved))).status).toBe(403);
    expect((await certify(id, await register.key('officer', { country: 'KG' }))).status).toBe(403);
    expect((await certify(id, stranger)).status).toBe(403);
    expect((await certify(id, admin)).status).toBe(400);
    expect((await certify(id, admin, { committeeId: randomUUID() })).status).toBe(400);
    expect((await certify(id, member, { validUntil: '2026-05-04' })).status).toBe(400);
    expect((await certify(id, member, { validUntil: '2036-05-05' })).status).toBe(400);
    expect((await certify(randomUUID())).status).toBe(404);
    expect(await register.events(id)).toHaveLength(1);
  });

  it('finds products by name, GTIN, category, organisation and status, page by page', async () => {
    const owner = await approvedProducer();
    const made: Product[] = [];
    for (let i = 0; i < 3; i++) {
      const names = { en: `Shyrdak ${i}`, ky: 'Ала кийиз' };
      made.push(await register.product(admin, owner.id, { names, category: 'felt' }));
    }
    const find = async (query: string) => {
      const answer = await register.send<Page<ProductAnswer>>('GET', `products?${query}`, { key: member });
      return { ids: answer.body.items.map(({ id }) => id), next: answer.body.nextCursor };
    };
    const all = made
      .map(({ id }) => id)
      .sort()
      .reverse();
    expect((await find(`q=${encodeURIComponent('АЛА КИЙ')}`)).ids.sort().reverse()).toEqual(all);
    expect((await find(`gtin=${made[1]?.gtin.slice(1)}`)).ids).toEqual([made[1]?.id]);
    expect((await find('category=felt&status=registered')).ids).toHaveLength(3);
    expect((await find('category=felt&status=certified')).ids).toEqual([]);
    const first = await find(`organisationId=${owner.id}&limit=2`);
    const second = await find(`organisationId=${owner.id}&limit=2&cursor=${first.next}`);
    expect([...first.ids, ...second.ids]).toEqual(all);
    expect(second.next).toBeNull();
  });
});
