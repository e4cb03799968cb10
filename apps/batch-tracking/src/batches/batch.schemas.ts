import { z } from 'zod';
import { batch, day, lot, moment, uuid } from '#contracts';
import { stepDetail } from '../steps/step.schemas.js';

export const openBatch = z.strictObject({
  productId: uuid,
  lot: lot
    .optional()
    .meta({ description: 'unique for the GTIN; when left out, the year and a number, such as 26-0001' }),
  placeId: uuid.optional().meta({ description: "where it is made; when left out, the organisation's place" }),
  madeOn: day.meta({ description: "the day of making, in the calendar of the organisation's country" }),
});
export type OpenBatch = z.infer<typeof openBatch>;

export const largestBatch = 1_000_000;

export const releaseBatch = z.strictObject({
  unitsProduced: z.int().min(1).max(largestBatch),
  packedOn: day,
  bestBefore: day.optional().meta({ description: "when left out, packedOn and the product's shelf life" }),
});
export type ReleaseBatch = z.infer<typeof releaseBatch>;

export const recallBatch = z.strictObject({ reason: z.string().trim().min(1).max(2000) });
export type RecallBatch = z.infer<typeof recallBatch>;

export const batchSearch = z.strictObject({
  productId: uuid.optional(),
  organisationId: uuid.optional().meta({ description: 'a producer sees its own organisation only' }),
  status: batch.shape.status.optional(),
  cursor: uuid.optional().meta({ description: 'the `nextCursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type BatchSearch = z.infer<typeof batchSearch>;

export const batchPage = z.object({
  items: z.array(batch).meta({ description: 'the batch that was opened last comes first' }),
  nextCursor: uuid.nullable().meta({ description: 'null on the last page' }),
});
export type BatchPage = z.infer<typeof batchPage>;

/** A batch with who did what to it and its steps, in the template's order and then by time. */
export const batchDetail = batch.extend({
  openedBy: uuid,
  openedAt: moment,
  releasedBy: uuid.nullable(),
  releasedAt: moment.nullable(),
  recall: z.object({ reason: z.string(), recalledBy: uuid, recalledAt: moment }).nullable(),
  steps: z.array(stepDetail),
});
export type BatchDetail = z.infer<typeof batchDetail>;
