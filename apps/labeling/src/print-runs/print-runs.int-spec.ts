import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrganisationRegistered } from '#contracts';
import { parseTypedCode, verifyLabel } from '#label';
import { createTrustStore, openBundle } from '#pki';
import { message, story, testNow, type StoryChange } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

/** A released batch, and its producer's key. */
async function ready(change: StoryChange = {}) {
  const told = story(change);
  await harness.tell(told);
  const producer = await harness.key('producer', { organisationId: told.organisation.id });
  const ask = (count: number, more: object = {}) =>
    harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count, ...more });
  return { ...told, producer, ask };
}

const complete = (id: string) => harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", id);

describe('a print run', () => {
  it('is answered before it is signed, and then has exactly its count of labels', async () => {
    const { ask, producer, batch, product, organisation } = await ready();
    const { status, body } = await ask(50);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ batchId: batch.id, productId: product.id, organisationId: organisation.id, gtin: product.gtin },
      ...{ lot: 'H26-0905', count: 50, issued: 0, voided: 0, status: 'signing', language: 'ky', completedAt: null },
    });
    await complete(body.id);
    const run = await harness.send(producer, 'GET', `/print-runs/${body.id}`);
    expect(run.body).toMatchObject({ issued: 50, status: 'complete', completedAt: testNow.toISOString() });
    const labels = await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`);
    expect(labels.body.nextCursor).toBeNull();
    expect(labels.body.items.map(({ position }: { position: number }) => position)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    for (const { serial, typedCode } of labels.body.items) expect(parseTypedCode(typedCode)).toEqual({ serial });
    const [event] = (await harness.outbox('labeling.label.issued.v1')).filter((data) => data['printRunId'] === body.id);
    const serials = labels.body.items.map(({ serial }: { serial: string }) => serial);
    expect(event).toMatchObject({ batchId: batch.id, kid: body.kid, serials });
  });

  it('makes labels that are all valid against the trust bundle that is published', async () => {
    const { ask, producer, product } = await ready();
    const { body } = await ask(50);
    await complete(body.id);
    await harness.until('SELECT 1 FROM bundle_state WHERE changes = published');
    const { body: jws } = await harness.download('/trust-bundle');
    const trust = createTrustStore(openBundle(jws.toString(), { pinnedKeys: 'first-use' }));
    const labels = await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`);
    for (const { uri, serial } of labels.body.items) {
      expect(uri).toMatch(
        new RegExp(
          `^https://ovop.example/01/${product.gtin}/10/H26-0905/21/${serial}\\?13=260905&15=280905&422=417&s=`,
        ),
      );
      const { code, facts } = await verifyLabel(uri, trust, testNow);
      expect({ code, ...facts.catalogue }).toEqual({
        ...{ code: 'VALID', product: 'White sainfoin honey', producer: 'Felt group' },
      });
    }
  });

  it('is read page by page', async () => {
    const { ask, producer } = await ready();
    const { body } = await ask(7);
    await complete(body.id);
    const first = await harness.send(producer, 'GET', `/print-runs/${body.id}/labels?limit=4`);
    const second = await harness.send(
      ...([producer, 'GET', `/print-runs/${body.id}/labels?limit=4&cursor=${first.body.nextCursor}`] as const),
    );
    const serials = [...first.body.items, ...second.body.items].map(({ serial }: { serial: string }) => serial);
    expect(new Set(serials).size).toBe(7);
    expect(second.body.nextCursor).toBeNull();
  });

  it('is listed for its producer, the latest first', async () => {
    const { ask, producer } = await ready();
    const ids = [(await ask(1)).body.id, (await ask(1)).body.id, (await ask(1)).body.id];
    const first = await harness.send(producer, 'GET', '/print-runs?limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await harness.send(producer, 'GET', `/print-runs?limit=2&cursor=${first.body.nextCursor}`);
    const seen = [...first.body.items, ...rest.body.items].map(({ id }: { id: string }) => id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(rest.body.nextCursor).toBeNull();
  });

  it('is done once for one Idempotency-Key', async () => {
    const { ask, batch } = await ready();
    const [first, again] = [await ask(5).set('idempotency-key', 'one'), await ask(5).set('idempotency-key', 'one')];
    expect(again.body).toEqual(first.body);
    const { rows } = await harness.sql.query('SELECT 1 FROM print_run WHERE batch_id = $1', [batch.id]);
    expect(rows).toHaveLength(1);
  });
});

describe('a print run is refused', () => {
  const refusal = async (change: StoryChange, expected: string | RegExp) => {
    const { ask, batch } = await ready(change);
    const { status, body } = await ask(1);
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' });
    expect(body.detail).toMatch(expected);
    expect((await harness.sql.query('SELECT 1 FROM print_run WHERE batch_id = $1', [batch.id])).rows).toEqual([]);
  };

  it('for a recalled batch', async () => {
    const { ask, recall } = await ready();
    await harness.receive(recall());
    const { status, body } = await ask(1);
    expect(status).toBe(409);
    expect(body.detail).toBe('batch H26-0905 is recalled; labels are signed for released batches only');
  });

  it('for a producer that is no longer approved', async () => {
    const { ask, organisation } = await ready();
    const suspended = message(OrganisationRegistered, organisation.id, {
      organisation: { ...organisation, status: 'suspended' },
    });
    await harness.receive(suspended);
    const { status, body } = await ask(1);
    expect(status).toBe(409);
    expect(body.detail).toMatch('is suspended; only an approved one');
  });

  it('for a GTIN outside the certificate', () =>
    refusal({ product: { gtin: '09529999999999' } }, 'lie outside what the certificate allows: gtin-prefix'));

  it('when the certification has ended', async () => {
    const { ask } = await ready({ validUntil: '2026-10-05' });
    expect((await ask(1)).status).toBe(201);
    harness.time.now = new Date('2026-10-06T00:00:00Z');
    const { status, body } = await ask(1);
    harness.time.now = testNow;
    expect(status).toBe(409);
    expect(body.detail).toMatch('ended on 2026-10-05');
  });

  it('over the units and the allowance, with the numbers', async () => {
    const { ask } = await ready({ batch: { unitsProduced: 10 } });
    expect((await ask(9)).status).toBe(201);
    const { status, body } = await ask(3);
    expect(status).toBe(409);
    expect(body.detail).toBe(
      'batch H26-0905 may have 11 labels (10 units and 5 % spare); 9 are signed or being signed, ' +
        'so 2 more can be asked for, not 3',
    );
  });

  it('for a batch that is not known, a wrong count, or fields that there are not', async () => {
    const { ask, producer } = await ready();
    const unknown = { batchId: '01890000-0000-7000-8000-000000000000', count: 1 };
    expect((await harness.send(producer, 'POST', '/print-runs', unknown)).status).toBe(404);
    for (const count of [0, -1, 1.5, 100_001]) expect((await ask(count)).status).toBe(400);
    expect((await ask(1, { kid: '00' })).status).toBe(400);
  });

  it('to others than its producer, an officer of the country, or an administrator', async () => {
    const { batch, organisation } = await ready();
    const status = async (...of: Parameters<Harness['key']>): Promise<number> => {
      const key = await harness.key(...of);
      return (await harness.send(key, 'POST', '/print-runs', { batchId: batch.id, count: 1 })).status;
    };
    expect(await status('producer', { organisationId: batch.id })).toBe(403);
    expect(await status('inspector')).toBe(403);
    expect(await status('committee')).toBe(403);
    expect(await status('officer', { country: 'KZ' })).toBe(403);
    expect(await status('officer', { country: 'KG' })).toBe(201);
    expect(await status('administrator')).toBe(201);
    expect(await status('producer', { organisationId: organisation.id })).toBe(201);
    expect((await harness.send(null, 'POST', '/print-runs', { batchId: batch.id, count: 1 })).status).toBe(401);
  });
});

describe('labels of another organisation', () => {
  it('are neither listed nor shown', async () => {
    const { ask } = await ready();
    const { body } = await ask(2);
    const stranger = await harness.key('producer', { organisationId: body.id });
    for (const path of ['', '/labels']) {
      expect((await harness.send(stranger, 'GET', `/print-runs/${body.id}${path}`)).status).toBe(403);
    }
    expect((await harness.send(stranger, 'GET', '/print-runs')).body.items).toEqual([]);
    const asked = await harness.send(stranger, 'GET', `/print-runs?organisationId=${body.organisationId}`);
    expect(asked.status).toBe(403);
  });
});

describe('void labels', () => {
  it('are void at once, make room for others, are told, and stand in the next bundle', async () => {
    const { ask, producer, product } = await ready({ batch: { unitsProduced: 20 } });
    const { body } = await ask(21);
    await complete(body.id);
    expect((await ask(1)).status).toBe(409);
    const labels = (await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`)).body.items;
    const serials: string[] = labels.slice(0, 2).map(({ serial }: { serial: string }) => serial);
    const input = { gtin: product.gtin, serials, reason: 'spoilt' };
    const answer = await harness.send(producer, 'POST', '/labels/void', input);
    expect(answer.body).toEqual({ voided: 2, alreadyVoid: 0 });
    expect((await harness.send(producer, 'POST', '/labels/void', input)).body).toEqual({ voided: 0, alreadyVoid: 2 });
    const events = await harness.outbox('labeling.label.voided.v1');
    expect(events.filter((data) => data['gtin'] === product.gtin)).toMatchObject([{ printRunId: body.id, serials }]);
    expect((await ask(2)).status).toBe(201);
    expect((await ask(1)).status).toBe(409);

    await harness.until('SELECT 1 FROM bundle_state WHERE changes = published');
    const { body: jws } = await harness.download('/trust-bundle');
    const trust = createTrustStore(openBundle(jws.toString(), { pinnedKeys: 'first-use' }));
    expect(await verifyLabel(labels[0].uri, trust, testNow)).toMatchObject({ code: 'LABEL_VOID' });
    expect(await verifyLabel(labels[2].uri, trust, testNow)).toMatchObject({ code: 'VALID' });
  });

  it('are refused as a whole when one serial is unknown or belongs to somebody else', async () => {
    const { ask, producer, product } = await ready();
    const { body } = await ask(1);
    await complete(body.id);
    const [label] = (await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`)).body.items;
    const void_ = (key: typeof producer, serials: string[]) =>
      harness.send(key, 'POST', '/labels/void', { gtin: product.gtin, serials, reason: 'lost' });
    const missing = await void_(producer, [label.serial, 'ZZZZZZZZZZ']);
    expect(missing.status).toBe(404);
    expect(missing.body.detail).toBe(`there is no label ZZZZZZZZZZ of GTIN ${product.gtin}`);
    const stranger = await harness.key('producer', { organisationId: body.id });
    expect((await void_(stranger, [label.serial])).status).toBe(403);
    expect((await harness.send(producer, 'GET', `/print-runs/${body.id}`)).body.voided).toBe(0);
  });
});
