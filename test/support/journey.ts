import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Client } from './client.js';

const created = z.object({ id: z.string() });
const product = z.object({ id: z.string(), gtin: z.string() });
export const printRun = z.object({ id: z.string(), count: z.int(), issued: z.int(), status: z.string() });
export const labelPage = z.object({
  items: z.array(z.object({ uri: z.string(), serial: z.string() })),
  nextCursor: z.string().nullish(),
});

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** The craft of the journey: four steps with letters of every language that a label must be able to print. */
const craft = ['Жүн тандоо', 'Тарау', 'Басу — ғқңөұүһі', 'Дӯхтан'].map((name, index) => ({
  ...{ sequence: index + 1, code: `STEP_${index + 1}`, names: { en: `Step ${name}`, ky: name }, measurements: [] },
  isPublic: true,
}));

export interface Made {
  village: string;
  producer: string;
  product: { id: string; gtin: string; name: string };
  steps: string[];
  batchId: string;
  lot: string;
}

/** Registers a producer in a village that the demonstration data know, and has it and its product certified. */
export async function registerProduct(api: Client): Promise<Omit<Made, 'batchId' | 'lot'> & { placeId: string }> {
  const base = '/api/registration';
  const some = z.object({ items: z.array(created).min(1) });
  const [village] = (await api.get(`${base}/places?code=41704220812010`, some)).items;
  const [committee] = (await api.get(`${base}/organisations?kind=committee&country=KG`, some)).items;
  if (village === undefined || committee === undefined) throw new Error('the demonstration data are not loaded');
  const suffix = randomUUID().slice(0, 8);
  const names = { en: `Felt workshop ${suffix}`, ky: `Кийиз устаканасы ${suffix}` };
  const organisation = { kind: 'producer', legalForm: 'cooperative', names, placeId: village.id, publicName: true };
  const { id: organisationId } = await api.post(`${base}/organisations`, organisation, created);
  const decision = { committeeId: committee.id };
  await api.post(`${base}/organisations/${organisationId}/approve`, decision, created);
  const name = `Felt slippers ${suffix}`;
  const body = { organisationId, names: { en: name, ky: 'Кийиз тапичке' }, category: 'felt', hsCode: '640520' };
  const sale = { salesUnit: 'pair', netContent: { value: 1, unit: 'PR' }, shelfLifeDays: null, processTemplate: craft };
  const { id, gtin } = await api.post(`${base}/products`, { ...body, ...sale }, product);
  await api.post(`${base}/products/${id}/certify`, decision, created);
  const steps = craft.map((step) => step.names.en);
  return { village: 'At-Bashy', producer: names.en, product: { id, gtin, name }, steps, placeId: village.id };
}

/** Makes a released batch of a fresh product, with every step recorded. */
export async function makeBatch(api: Client, unitsProduced: number): Promise<Made> {
  const { placeId, ...known } = await registerProduct(api);
  const base = '/api/batch-tracking/batches';
  const lot = `E-${randomUUID().slice(0, 6).toUpperCase()}`;
  const opening = { productId: known.product.id, lot, madeOn: day(-20), placeId };
  const { id } = await api.postSettled(base, opening, created);
  for (const { sequence } of craft) {
    const at = (hour: string): string => `${day(sequence - 15)}T${hour}:00:00Z`;
    const wool = { material: 'wool', quantity: { value: 12 - sequence, unit: 'KGM' } };
    const facts = {
      sequence,
      startedAt: at('06'),
      endedAt: at('09'),
      placeId,
      inputs: [wool],
      outputs: [],
      measurements: [],
      note: null,
    };
    await api.post(`${base}/${id}/steps`, facts, created);
  }
  await api.post(`${base}/${id}/release`, { unitsProduced, packedOn: day(-1) }, created);
  return { ...known, batchId: id, lot };
}

/** Orders labels for a batch and waits until the run is signed to its last label. */
export async function printLabels(
  api: Client,
  batchId: string,
  count: number,
): Promise<{ id: string; uris: string[] }> {
  const { id } = await api.postSettled('/api/labeling/print-runs', { batchId, count }, printRun);
  await api.until(`/api/labeling/print-runs/${id}`, printRun, (run) => run.issued === count);
  return { id, uris: await labelsOf(api, id) };
}

export async function labelsOf(api: Client, runId: string): Promise<string[]> {
  const uris: string[] = [];
  for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined;) {
    const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof labelPage> = await api.get(
      `/api/labeling/print-runs/${runId}/labels${query}`,
      labelPage,
    );
    uris.push(...page.items.map(({ uri }) => uri));
    cursor = page.nextCursor;
  }
  return uris;
}
