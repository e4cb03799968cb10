import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { eventually, type Api } from './api.js';
import type { DemoBatch, DemoData } from './data.js';
import { factsOf } from './facts.js';
import type { Register } from './register.js';

const created = z.object({ id: z.string() });
const run = z.object({ id: z.string(), status: z.string(), count: z.int(), issued: z.int() });
const labelPage = z.object({ items: z.array(z.object({ uri: z.string() })) });

/** One A4 sheet of 3×7 labels. */
const sheet = 21;

/** Opens the batches with their steps, releases them and has their labels signed; gives the ids of the print runs. */
export async function make(
  api: Api,
  data: DemoData,
  known: Register,
  say: (line: string) => void,
): Promise<Map<string, string[]>> {
  const runs = new Map<string, string[]>();
  let steps = 0;
  for (const batch of data.batches) {
    const { id, recorded } = await makeBatch(api, data, known, batch);
    steps += recorded;
    if (batch.state === 'open') continue;
    const labels = batch.labels ?? 0;
    const counts = labels > sheet ? [sheet, labels - sheet] : [labels];
    runs.set(batch.id, []);
    for (const count of counts) runs.get(batch.id)?.push(await print(api, batch.id, id, count));
    if (batch.state === 'recalled')
      await api.post(
        `/api/batch-tracking/batches/${id}/recall`,
        `demo-recall-${batch.id}`,
        { reason: batch.scenario },
        created,
      );
  }
  say(`  ${data.batches.length} batches with ${steps} steps`);
  for (const [batch, ids] of runs) for (const id of ids) await finished(api, batch, id);
  say(`  ${[...runs.values()].flat().length} print runs, signed`);
  return runs;
}

async function makeBatch(api: Api, data: DemoData, known: Register, batch: DemoBatch) {
  const product = data.products.find(({ id }) => id === batch.product);
  const producer = data.producers.find(({ id }) => id === product?.producer);
  const placeId = known.places.get(producer?.village ?? '');
  if (product === undefined || placeId === undefined) throw new Error(`demo batch ${batch.id} has no product or place`);
  const { lot, madeOn, packedOn, bestBefore, unitsProduced } = batch;
  const opening = { productId: known.products.get(product.id), lot, madeOn, placeId };
  const base = '/api/batch-tracking/batches';
  const { id } = await eventually(() => api.post(base, `demo-batch-${batch.id}`, opening, created));
  const facts = factsOf(batch, product, placeId);
  for (const step of facts)
    await api.post(`${base}/${id}/steps`, `demo-step-${batch.id}-${step.sequence}`, step, created);
  if (batch.state !== 'open') {
    const release = { unitsProduced, packedOn, ...(bestBefore === null ? {} : { bestBefore }) };
    await api.post(`${base}/${id}/release`, `demo-release-${batch.id}`, release, created);
  }
  return { id, recorded: facts.length };
}

async function print(api: Api, name: string, batchId: string, count: number): Promise<string> {
  const body = { batchId, count };
  const { id } = await eventually(() => api.post('/api/labeling/print-runs', `demo-run-${name}-${count}`, body, run));
  return id;
}

async function finished(api: Api, name: string, id: string): Promise<void> {
  for (let waited = 0; waited < 600; waited++) {
    const { issued, count } = await api.get(`/api/labeling/print-runs/${id}`, run);
    if (issued === count) return;
    await sleep(100);
  }
  throw new Error(`the print run of ${name} does not end`);
}

/** The URIs of a print run, in the order of its sheet. */
export async function labelsOf(api: Api, runId: string): Promise<string[]> {
  const { items } = await api.get(`/api/labeling/print-runs/${runId}/labels`, labelPage);
  return items.map(({ uri }) => uri);
}
