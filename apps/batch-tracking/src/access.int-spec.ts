import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from '#platform';
import { startHarness, type Harness, type Key } from '../test/harness.js';
import { certified, facts, today } from '../test/register.js';

/**
 * A valid call of every route about one organisation's batch, by the route's name in the OpenAPI document.
 * A route that is missing here fails the test, so that no new one goes unguarded.
 */
const calls = (of: { productId: string; organisationId: string; placeId: string; batchId: string; stepId: string }) =>
  new Map<string, { path: string; body?: object }>([
    ['post /batches', { path: '/batches', body: { productId: of.productId, madeOn: today } }],
    ['get /batches', { path: `/batches?organisationId=${of.organisationId}` }],
    ['get /batches/{id}', { path: `/batches/${of.batchId}` }],
    [
      'post /batches/{id}/release',
      { path: `/batches/${of.batchId}/release`, body: { unitsProduced: 1, packedOn: today } },
    ],
    ['post /batches/{id}/recall', { path: `/batches/${of.batchId}/recall`, body: { reason: 'test' } }],
    ['post /batches/{id}/steps', { path: `/batches/${of.batchId}/steps`, body: facts(of.placeId) }],
    [
      'post /steps/{id}/corrections',
      { path: `/steps/${of.stepId}/corrections`, body: { facts: facts(of.placeId, { note: 'x' }), reason: 'test' } },
    ],
  ]);

describe('access', () => {
  let harness: Harness;
  let owner: Key;
  let batchId: string;
  let known: ReturnType<typeof calls>;

  beforeAll(async () => {
    harness = await startHarness();
    const { product, organisation, place, messages } = certified();
    await harness.receive(messages);
    owner = await harness.key('producer', { organisationId: organisation.id });
    const batch = { productId: product.id, madeOn: '2026-09-20' };
    batchId = (await harness.send(owner, 'POST', '/batches', batch)).body.id;
    const stepId = (await harness.send(owner, 'POST', `/batches/${batchId}/steps`, facts(place.id))).body.id;
    known = calls({
      ...{ productId: product.id, organisationId: organisation.id, placeId: place.id },
      ...{ batchId, stepId },
    });
  });
  afterAll(() => harness.stop());

  const routes = (): string[] =>
    Object.entries(openApiDocument(harness.service.app, 'batch-tracking').paths)
      .filter(([path]) => path.startsWith('/api/batch-tracking/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path.slice('/api/batch-tracking'.length)}`),
      );
  const call = (key: Key, route: string) => {
    const { path, body } = known.get(route) ?? { path: '/no-example-of-this-route' };
    return harness.send(key, route.startsWith('get') ? 'GET' : 'POST', path, body);
  };
  const statuses = async (key: Key): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for (const route of routes()) found[route] = (await call(key, route)).status;
    return found;
  };
  const everyRoute = (status: number) => Object.fromEntries(routes().map((route) => [route, status]));

  it('knows a call of every route', () => {
    expect(routes().sort()).toEqual([...known.keys()].sort());
  });

  it('is refused to a producer of another organisation on every route, and writes nothing', async () => {
    const { organisation } = certified();
    const before = await harness.outbox(batchId);
    expect(await statuses(await harness.key('producer', { organisationId: organisation.id }))).toEqual(everyRoute(403));
    expect(await harness.outbox(batchId)).toEqual(before);
  });

  it('is refused to a producer that belongs to no organisation', async () => {
    expect(await statuses(await harness.key('producer'))).toEqual(everyRoute(403));
  });

  it('is refused without a key, and with an unknown one', async () => {
    expect(await statuses({ id: '', secret: '' })).toEqual(everyRoute(401));
    expect(await statuses({ id: '', secret: 'ovop_unknown' })).toEqual(everyRoute(401));
  });

  it.each(['officer', 'committee', 'inspector'] as const)('keeps an %s to one country', async (role) => {
    const abroad = await statuses(await harness.key(role, { country: 'KZ' }));
    expect(abroad).toEqual({ ...everyRoute(403), 'get /batches': 200 });
    const list = await call(await harness.key(role, { country: 'KZ' }), 'get /batches');
    expect(list.body).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    ['inspector', 'get /batches/{id}', 200],
    ['inspector', 'post /batches', 403],
    ['inspector', 'post /steps/{id}/corrections', 403],
    ['committee', 'post /batches/{id}/release', 403],
    ['committee', 'post /batches/{id}/recall', 409],
    ['officer', 'post /batches/{id}/recall', 403],
    ['officer', 'post /batches/{id}/steps', 201],
    ['administrator', 'post /batches', 201],
    ['administrator', 'post /batches/{id}/recall', 409],
  ] as const)('answers an %s that calls %s with %d', async (role, route, status) => {
    expect((await call(await harness.key(role, { country: 'KG' }), route)).status).toBe(status);
  });
});
