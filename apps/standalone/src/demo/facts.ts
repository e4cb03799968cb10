import type { StepFacts } from '#contracts';
import type { DemoBatch, DemoProduct } from './data.js';

type DemoStep = DemoProduct['steps'][number];
type DemoMeasurement = DemoStep['measurements'][number];

const hour = 3_600_000;

/** The facts of every step of a batch, spread over the days from the first to the packing. */
export function factsOf(batch: DemoBatch, product: DemoProduct, placeId: string): StepFacts[] {
  const start = Date.parse(`${batch.madeOn}T02:00:00Z`);
  const end = Date.parse(`${batch.packedOn ?? batch.madeOn}T14:00:00Z`);
  const share = (end - start) / product.steps.length;
  // A batch that is still open is half way.
  const done = batch.packedOn === null ? Math.ceil(product.steps.length / 2) : product.steps.length;
  return product.steps.slice(0, done).map((step, index) => {
    const startedAt = start + Math.round((share * index) / hour) * hour;
    return {
      sequence: step.sequence,
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(startedAt + Math.min(share, 6 * hour)).toISOString(),
      placeId,
      inputs: step.inputs,
      outputs: step.outputs,
      measurements: step.measurements.map(({ name, unit, ...rest }) => ({ name, unit, value: valueOf(rest, unit) })),
      note: null,
    };
  });
}

/** A value inside the limit that the template names, so that demonstration batches look like good ones. */
function valueOf({ kind, limit }: Pick<DemoMeasurement, 'kind' | 'limit'>, unit: string | null): number | string {
  if (unit === null) return kind === 'pass/fail' ? 'pass' : kind === 'yes/no' ? 'yes' : 'kept in the workshop book';
  const [first, second] = (limit?.match(/\d+(\.\d+)?/g) ?? []).map(Number);
  if (first === undefined) return 1;
  if (/^\s*[<≤]/.test(limit ?? '')) return round(first * 0.9);
  if (/^\s*[>≥]/.test(limit ?? '')) return round(first === 0 ? 12 : first * 1.1);
  return second === undefined ? first : round((first + second) / 2);
}

const round = (value: number): number => Math.round(value * 10) / 10;
