import { z } from 'zod';
import { defineEvent } from '../event.js';
import { day, gtin, lot, moment, quantity, uuid } from '../values.js';

/** A material that a step takes or gives. */
export const materialQuantity = z.strictObject({
  material: z.string().trim().min(1).max(100),
  quantity,
});
export type MaterialQuantity = z.infer<typeof materialQuantity>;

/** What was measured: a number with its unit, or a text. */
export const measurement = z.strictObject({
  name: z.string().trim().min(1).max(100),
  value: z.union([z.number(), z.string().trim().min(1).max(200)]),
  unit: z.string().trim().min(1).max(20).nullable(),
});

export const stepFacts = z.strictObject({
  sequence: z.int().min(1).max(99).meta({ description: "the step's number in the product's process template" }),
  startedAt: moment,
  endedAt: moment.nullable(),
  placeId: uuid,
  inputs: z.array(materialQuantity).max(50),
  outputs: z.array(materialQuantity).max(50),
  measurements: z.array(measurement).max(50),
  note: z.string().trim().max(2000).nullable(),
});
export type StepFacts = z.infer<typeof stepFacts>;

export const step = stepFacts.extend({
  id: uuid,
  code: z.string(),
  recordedBy: uuid.meta({ description: 'the person or API key that entered the step' }),
  recordedAt: moment,
  corrected: z.boolean().meta({ description: 'true when these facts replaced earlier ones' }),
});
export type Step = z.infer<typeof step>;

export const batch = z.object({
  id: uuid,
  productId: uuid,
  organisationId: uuid,
  placeId: uuid,
  gtin,
  lot,
  status: z.enum(['open', 'released', 'recalled']),
  madeOn: day,
  packedOn: day.nullable(),
  bestBefore: day.nullable(),
  unitsProduced: z.int().positive().nullable(),
});
export type Batch = z.infer<typeof batch>;

export const BatchOpened = defineEvent(
  'batch-tracking.batch.opened.v1',
  'A batch of a certified product was opened.',
  z.object({ batch }),
);

export const StepRecorded = defineEvent(
  'batch-tracking.batch.step-recorded.v1',
  'A crafting step of a batch was recorded.',
  z.object({ batchId: uuid, step }),
);

export const StepCorrected = defineEvent(
  'batch-tracking.batch.step-corrected.v1',
  'A recorded step was corrected; the earlier facts stay on record.',
  z.object({ batchId: uuid, step, previous: stepFacts, reason: z.string(), correctedBy: uuid }),
);

export const BatchReleased = defineEvent(
  'batch-tracking.batch.released.v1',
  'A batch was finished with its count of units: labels may be signed for it.',
  z.object({ batch }),
);

export const BatchRecalled = defineEvent(
  'batch-tracking.batch.recalled.v1',
  'A batch was called back from the market.',
  z.object({ batch, reason: z.string() }),
);
