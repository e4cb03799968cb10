import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BatchOpened, BatchRecalled, BatchReleased, type Batch } from '#contracts';
import { newId } from '#platform';
import { startHarness, type Harness, type Key } from '../../test/harness.js';
import type { BatchPage } from './batch.schemas.js';
import { certified, facts, testNow, today } from '../../test/register.js';

describe('batches', () => {
  let harness: Harness;
  let officer: Key;
  let committee: Key;

  beforeAll(async () => {
    harness = await startHarness();
    officer = await harness.key('officer', { country: 'KG' });
    committee = await harness.key('committee', { country: 'KG' });
  });
  afterAll(() => harness.stop());

  /** A certified product that this service has heard of, with a key of its producer. */
  async function registered(change: Parameters<typeof certified>[0] = {}) {
    const made = certified(change);
    await harness.receive(made.messages);
    return { ...made, key: await harness.key('producer', { organisationId: made.organisation.id }) };
  }
  const open = (key: Key, body: object, headers: Record<string, string> = {}) =>
    harness.send(key, 'POST', '/batches', body, headers);

  /** An open batch with every step of its process recorded. */
  async function finished(change: Parameters<typeof certified>[0] = {}) {
    const made = await registered(change);
    const batch: Batch = (await open(made.key, { productId: made.product.id, madeOn: '2026-09-20' })).body;
    for (const { sequence } of made.product.processTemplate) {
      const response = await harness.send(
        ...([made.key, 'POST', `/batches/${batch.id}/steps`, facts(made.place.id, { sequence })] as const),
      );
      expect(response.status).toBe(201);
    }
    return { ...made, batch };
  }

  it('opens a batch of a certified product at its village under the next short lot', async () => {
    const { key, product, organisation, place } = await registered();
    const response = await open(key, { productId: product.id, madeOn: '2026-09-20' });
    expect(response.status).toBe(201);
    const batch: Batch = response.body;
    expect(batch).toEqual({
      ...{ id: expect.any(String), productId: product.id, organisationId: organisation.id, placeId: place.id },
      ...{ gtin: product.gtin, lot: '26-0001', status: 'open', madeOn: '2026-09-20' },
      ...{ packedOn: null, bestBefore: null, unitsProduced: null },
    });
    expect(await harness.outbox(batch.id)).toMatchObject([{ type: BatchOpened.type, data: { batch } }]);
  });

  it('numbers the lots of an organisation by year of making and steps over one entered by hand', async () => {
    const { key, product } = await registered();
    const lotOf = async (body: object) => (await open(key, { productId: product.id, ...body })).body.lot;
    expect(await lotOf({ madeOn: '2026-09-20' })).toBe('26-0001');
    expect(await lotOf({ madeOn: '2026-09-20', lot: '26-0002' })).toBe('26-0002');
    expect(await lotOf({ madeOn: '2026-09-21' })).toBe('26-0003');
    expect(await lotOf({ madeOn: '2025-12-31' })).toBe('25-0001');
  });

  it('gives batches that are opened at once a lot each', async () => {
    const { key, product } = await registered();
    const body = { productId: product.id, madeOn: '2026-09-20' };
    const responses = await Promise.all(Array.from({ length: 8 }, () => open(key, body)));
    const lots = responses.map((response) => response.body.lot).sort();
    expect(lots).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `26-000${number}`));
  });

  it('refuses a lot that the GTIN has already', async () => {
    const { key, product } = await registered();
    const body = { productId: product.id, madeOn: '2026-09-20', lot: 'A-1' };
    await open(key, body);
    const response = await open(key, body);
    expect(response.status).toBe(409);
    expect(response.body.detail).toContain(`lot A-1 of GTIN ${product.gtin} exists already`);
  });

  it('answers the same Idempotency-Key with the same bytes and one batch', async () => {
    const { key, product } = await registered();
    const body = { productId: product.id, madeOn: '2026-09-20' };
    const first = await open(key, body, { 'idempotency-key': 'k-1' });
    const second = await open(key, body, { 'idempotency-key': 'k-1' });
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect((await harness.send(key, 'GET', '/batches')).body.items).toHaveLength(1);
    expect(await harness.outbox(first.body.id)).toHaveLength(1);
  });

  it.each([
    ['a product that is only registered', { status: 'registered' }, {}, 409, /not certified/],
    ['a suspended product', { status: 'suspended' }, {}, 409, /suspended/],
    ['a certification that has ended', {}, { validUntil: '2026-10-04' }, 409, /ended on 2026-10-04/],
  ] as const)('refuses a batch of %s', async (_name, product, certification, status, detail) => {
    const made = await registered({ product, certification });
    const response = await open(made.key, { productId: made.product.id, madeOn: '2026-09-20' });
    expect(response.status).toBe(status);
    expect(response.body.detail).toMatch(detail);
  });

  it.each([
    ['madeOn', { madeOn: '2026-10-06' }, 'must not be in the future; today is 2026-10-05'],
    ['madeOn', { madeOn: '2026-02-30' }, 'Invalid ISO date'],
    ['lot', { lot: 'ä' }, 'must be 1 to 20'],
    ['productId', { productId: newId(testNow) }, 'there is no product', 404],
    ['placeId', { placeId: newId(testNow) }, 'there is no place', 404],
    ['body', { colour: 'red' }, 'colour'],
  ])('names %s when it is wrong and writes nothing', async (field, change, message, status = 400) => {
    const { key, product } = await registered();
    const response = await open(key, { productId: product.id, madeOn: '2026-09-20', ...change });
    expect(response.status).toBe(status);
    expect(response.body.faults).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect((await harness.send(key, 'GET', '/batches')).body.items).toEqual([]);
  });

  it('asks to try again while the organisation of the product is still on its way', async () => {
    const made = certified();
    await harness.receive(made.messages.slice(0, 1));
    const key = await harness.key('producer', { organisationId: made.organisation.id });
    const body = { productId: made.product.id, madeOn: '2026-09-20' };
    expect((await open(key, body)).status).toBe(503);
    await harness.receive(made.messages.slice(1));
    expect((await open(key, body)).status).toBe(201);
  });

  it('releases a batch with its units and the best-before date of its shelf life', async () => {
    const { key, batch } = await finished({ product: { shelfLifeDays: 730 } });
    const body = { unitsProduced: 316, packedOn: '2026-10-01' };
    const response = await harness.send(key, 'POST', `/batches/${batch.id}/release`, body);
    expect(response.status).toBe(200);
    const released = { ...batch, ...body, status: 'released', bestBefore: '2028-09-30' };
    expect(response.body).toEqual(released);
    expect((await harness.outbox(batch.id)).at(-1)).toMatchObject({
      ...{ type: BatchReleased.type, data: { batch: released } },
    });
    expect((await harness.send(key, 'GET', `/batches/${batch.id}`)).body).toMatchObject({
      ...{ ...released, releasedBy: key.id, releasedAt: testNow.toISOString(), recall: null },
    });
  });

  it('names the steps that are missing when it refuses a release', async () => {
    const { key, product, place } = await registered();
    const batch: Batch = (await open(key, { productId: product.id, madeOn: '2026-09-20' })).body;
    await harness.send(key, 'POST', `/batches/${batch.id}/steps`, facts(place.id));
    const release = { unitsProduced: 1, packedOn: today };
    const response = await harness.send(key, 'POST', `/batches/${batch.id}/release`, release);
    expect(response.status).toBe(409);
    expect(response.body.detail).toContain('2 FELTING, 3 SEWING');
  });

  it('lets one of two releases at once win', async () => {
    const { key, batch } = await finished();
    const release = (unitsProduced: number) =>
      harness.send(key, 'POST', `/batches/${batch.id}/release`, { unitsProduced, packedOn: today });
    const responses = await Promise.all([release(10), release(20), release(30)]);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = responses.find(({ status }) => status === 200)?.body;
    const stored = (await harness.send(key, 'GET', `/batches/${batch.id}`)).body;
    expect(stored.unitsProduced).toBe(winner.unitsProduced);
    const events = await harness.outbox(batch.id);
    expect(events.filter(({ type }) => type === BatchReleased.type)).toHaveLength(1);
  });

  it('recalls a released batch once, with the reason', async () => {
    const { key, batch } = await finished();
    const recall = (by: Key) => harness.send(by, 'POST', `/batches/${batch.id}/recall`, { reason: 'moth in the wool' });
    expect((await recall(committee)).body.detail).toContain('still open');
    await harness.send(key, 'POST', `/batches/${batch.id}/release`, { unitsProduced: 5, packedOn: today });
    expect((await recall(key)).status).toBe(403);
    expect((await recall(committee)).body).toMatchObject({ id: batch.id, status: 'recalled', unitsProduced: 5 });
    expect((await recall(committee)).status).toBe(409);
    expect((await harness.outbox(batch.id)).at(-1)).toMatchObject({
      ...{ type: BatchRecalled.type, data: { reason: 'moth in the wool', batch: { status: 'recalled' } } },
    });
    expect((await harness.send(key, 'GET', `/batches/${batch.id}`)).body.recall).toEqual({
      ...{ reason: 'moth in the wool', recalledBy: committee.id, recalledAt: testNow.toISOString() },
    });
  });

  it('pages through the batches of an organisation, each once', async () => {
    const { key, product, organisation } = await registered();
    for (let count = 0; count < 5; count++) await open(key, { productId: product.id, madeOn: '2026-09-20' });
    const seen: Batch[] = [];
    let after: string | undefined = '';
    while (after !== undefined) {
      const path: string = `/batches?organisationId=${organisation.id}&limit=2${after}`;
      const page: BatchPage = (await harness.send(officer, 'GET', path)).body;
      seen.push(...page.items);
      after = page.nextCursor === null ? undefined : `&cursor=${page.nextCursor}`;
    }
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toHaveLength(5);
  });

  it('filters by product and status', async () => {
    const { key, product, batch } = await finished();
    await harness.send(key, 'POST', `/batches/${batch.id}/release`, { unitsProduced: 5, packedOn: today });
    await open(key, { productId: product.id, madeOn: '2026-09-20' });
    const lots = async (query: string) =>
      (await harness.send(key, 'GET', `/batches?${query}`)).body.items.map(({ lot }: Batch) => lot);
    expect(await lots(`productId=${product.id}&status=released`)).toEqual(['26-0001']);
    expect(await lots(`productId=${product.id}&status=open`)).toEqual(['26-0002']);
    expect(await lots(`productId=${newId(testNow)}`)).toEqual([]);
  });
});
