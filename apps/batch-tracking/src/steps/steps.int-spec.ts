import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StepCorrected, StepRecorded, type Batch, type Step, type StepFacts } from '#contracts';
import { newId } from '#platform';
import { startHarness, type Harness, type Key } from '../../test/harness.js';
import { certified, facts, testNow, today } from '../../test/register.js';
import type { StepDetail } from './step.schemas.js';

describe('steps', () => {
  let harness: Harness;
  let key: Key;
  let product: string;
  let placeId: string;

  beforeAll(async () => {
    harness = await startHarness();
    const made = certified();
    await harness.receive(made.messages);
    key = await harness.key('producer', { organisationId: made.organisation.id });
    product = made.product.id;
    placeId = made.place.id;
  });
  afterAll(() => harness.stop());

  async function open(): Promise<string> {
    const batch: Batch = (await harness.send(key, 'POST', '/batches', { productId: product, madeOn: '2026-09-20' }))
      .body;
    return batch.id;
  }
  const record = (batchId: string, change: Partial<StepFacts> & { id?: string } = {}) =>
    harness.send(key, 'POST', `/batches/${batchId}/steps`, { ...facts(placeId), ...change });
  const correct = (stepId: string, change: Partial<StepFacts>, reason = 'weighed again') =>
    harness.send(key, 'POST', `/steps/${stepId}/corrections`, { facts: facts(placeId, change), reason });
  const stepsOf = async (batchId: string): Promise<StepDetail[]> =>
    (await harness.send(key, 'GET', `/batches/${batchId}`)).body.steps;
  const release = async (batchId: string) => {
    for (const sequence of [1, 2, 3]) await record(batchId, { sequence });
    const body = { unitsProduced: 10, packedOn: today };
    expect((await harness.send(key, 'POST', `/batches/${batchId}/release`, body)).status).toBe(200);
  };

  it('records a step with who entered it and tells the others', async () => {
    const batchId = await open();
    const response = await record(batchId);
    expect(response.status).toBe(201);
    const step: Step = response.body;
    expect(step).toEqual({
      ...facts(placeId),
      ...{ id: expect.any(String), code: 'SORT', recordedBy: key.id, recordedAt: testNow.toISOString() },
      corrected: false,
    });
    expect(await stepsOf(batchId)).toEqual([{ ...step, corrections: [] }]);
    expect((await harness.outbox(batchId)).at(-1)).toMatchObject({
      ...{ type: StepRecorded.type, data: { batchId, step } },
    });
  });

  it('shows steps in the order of the process and then of time, whenever they were entered', async () => {
    const batchId = await open();
    const days: [number, string][] = [
      [3, '2026-09-24T09:00:00+06:00'],
      [2, '2026-09-23T09:00:00+06:00'],
      [2, '2026-09-22T09:00:00+06:00'],
      [1, '2026-09-25T09:00:00+06:00'],
    ];
    for (const [sequence, startedAt] of days)
      expect((await record(batchId, { sequence, startedAt, endedAt: null })).status).toBe(201);
    expect((await stepsOf(batchId)).map(({ sequence, startedAt }) => [sequence, startedAt])).toEqual(days.reverse());
  });

  it('records a step once that is sent twice under its own id, even after the release', async () => {
    const batchId = await open();
    const id = newId(testNow);
    const first = await record(batchId, { id });
    expect(first.body.id).toBe(id);
    await release(batchId);
    const again = await record(batchId, { id });
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(await stepsOf(batchId)).toHaveLength(4);
    expect((await harness.outbox(batchId)).filter(({ type }) => type === StepRecorded.type)).toHaveLength(4);
  });

  it('records a step once that is sent several times at once', async () => {
    const batchId = await open();
    const id = newId(testNow);
    const responses = await Promise.all([1, 2, 3, 4].map(() => record(batchId, { id })));
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await stepsOf(batchId)).toHaveLength(1);
  });

  it('answers a step that is sent again after a correction as it stands now', async () => {
    const batchId = await open();
    const id = newId(testNow);
    await record(batchId, { id });
    await correct(id, { note: 'corrected' });
    expect((await record(batchId, { id })).body).toMatchObject({ id, note: 'corrected', corrected: true });
  });

  it('refuses an id that stands for another step', async () => {
    const [one, other] = [await open(), await open()];
    const id = newId(testNow);
    await record(one, { id });
    const different = await record(one, { id, note: 'something else' });
    expect([different.status, different.body.detail]).toEqual([409, expect.stringContaining('other facts')]);
    const elsewhere = await record(other, { id });
    expect([elsewhere.status, elsewhere.body.detail]).toEqual([409, expect.stringContaining('another batch')]);
  });

  it.each([
    ['sequence', { sequence: 4 }, 400],
    ['startedAt', { startedAt: '2026-10-05T01:00:00Z', endedAt: null }, 400],
    ['startedAt', { startedAt: '2026-10-04' }, 400],
    ['endedAt', { endedAt: '2026-09-20T08:00:00+06:00' }, 400],
    ['placeId', { placeId: newId(testNow) }, 404],
    ['inputs.0.quantity.unit', { inputs: [{ material: 'wool', quantity: { value: 1, unit: 'kg' } }] }, 400],
    ['inputs.0.quantity.value', { inputs: [{ material: 'wool', quantity: { value: 0, unit: 'KGM' } }] }, 400],
    [
      'measurements.0.unit',
      { sequence: 2, measurements: [{ name: 'water temperature', value: 131, unit: '[degF]' }] },
      400,
    ],
    ['note', { note: 'no text of PostgreSQL: \u0000' }, 400],
    ['body', { colour: 'red' }, 400],
  ])('names %s when it is wrong and writes nothing', async (field, change, status) => {
    const batchId = await open();
    const response = await harness.send(key, 'POST', `/batches/${batchId}/steps`, { ...facts(placeId), ...change });
    expect(response.status).toBe(status);
    expect(response.body.faults.map((fault: { field: string }) => fault.field)).toEqual([field]);
    expect(await stepsOf(batchId)).toEqual([]);
    expect(await harness.outbox(batchId)).toHaveLength(1);
  });

  it('records nothing more once the batch is released', async () => {
    const batchId = await open();
    await release(batchId);
    const response = await record(batchId);
    expect([response.status, response.body.detail]).toEqual([409, expect.stringContaining('is released')]);
  });

  it('keeps every earlier version of a corrected step, with who, when and why', async () => {
    const batchId = await open();
    const step: Step = (await record(batchId)).body;
    expect((await correct(step.id, { note: 'first' }, 'note was missing')).status).toBe(201);
    const response = await correct(step.id, { note: 'second', sequence: 2 }, 'wrong step');
    expect(response.status).toBe(201);
    const by = { correctedBy: key.id, correctedAt: testNow.toISOString() };
    const detail = {
      ...step,
      ...{ note: 'second', sequence: 2, code: 'FELTING', corrected: true },
      corrections: [
        { previous: facts(placeId), reason: 'note was missing', ...by },
        { previous: facts(placeId, { note: 'first' }), reason: 'wrong step', ...by },
      ],
    };
    expect(response.body).toEqual(detail);
    expect(await stepsOf(batchId)).toEqual([detail]);
    expect((await harness.outbox(batchId)).at(-1)).toMatchObject({
      type: StepCorrected.type,
      data: {
        ...{ batchId, previous: facts(placeId, { note: 'first' }), reason: 'wrong step', correctedBy: key.id },
        step: { id: step.id, note: 'second', code: 'FELTING', corrected: true },
      },
    });
  });

  it('keeps each of two corrections that come at once', async () => {
    const batchId = await open();
    const step: Step = (await record(batchId)).body;
    await Promise.all([correct(step.id, { note: 'a' }), correct(step.id, { note: 'b' })]);
    const [corrected] = await stepsOf(batchId);
    const [first, second] = corrected?.corrections ?? [];
    expect(first?.previous.note).toBeNull();
    expect([second?.previous.note, corrected?.note].sort()).toEqual(['a', 'b']);
  });

  it('refuses a correction that changes nothing, gives no reason or would be wrong', async () => {
    const batchId = await open();
    const step: Step = (await record(batchId)).body;
    expect((await correct(step.id, {})).body.faults[0].field).toBe('facts');
    expect((await correct(step.id, { note: 'x' }, ' ')).body.faults[0].field).toBe('reason');
    expect((await correct(step.id, { sequence: 9 })).body.faults[0].field).toBe('facts.sequence');
    expect((await correct(step.id, { placeId: newId(testNow) })).body.faults[0].field).toBe('facts.placeId');
    expect((await correct(newId(testNow), { note: 'x' })).status).toBe(404);
    expect(await stepsOf(batchId)).toEqual([{ ...step, corrections: [] }]);
  });

  it('corrects after the release under the same sequence, and not after a recall', async () => {
    const batchId = await open();
    await release(batchId);
    const [first] = await stepsOf(batchId);
    expect((await correct(first?.id ?? '', { sequence: 2 })).status).toBe(409);
    expect((await correct(first?.id ?? '', { note: 'late' })).status).toBe(201);
    const committee = await harness.key('committee');
    await harness.send(committee, 'POST', `/batches/${batchId}/recall`, { reason: 'moth' });
    const response = await correct(first?.id ?? '', { note: 'later' });
    expect([response.status, response.body.detail]).toEqual([409, expect.stringContaining('evidence')]);
  });
});
