import { z } from 'zod';
import {
  country,
  day,
  gtin,
  language,
  localizedText,
  lot,
  moment,
  quantity,
  revocationCause,
  serial,
  uuid,
} from '#contracts';

export const largestRun = 100_000;

export const requestPrintRun = z.strictObject({
  batchId: uuid,
  count: z.int().min(1).max(largestRun).meta({ description: 'how many labels to sign' }),
  language: language.optional().meta({ description: "of the sheet; when left out, the country's" }),
});
export type RequestPrintRun = z.infer<typeof requestPrintRun>;

export const printRun = z.object({
  id: uuid,
  batchId: uuid,
  productId: uuid,
  organisationId: uuid,
  gtin,
  lot,
  kid: z.string(),
  language,
  count: z.int(),
  issued: z.int().meta({ description: 'labels signed and stored so far' }),
  voided: z.int(),
  status: z.enum(['signing', 'complete', 'stopped']),
  stoppedFor: revocationCause.nullable().meta({ description: 'why no more is signed of a run that was stopped' }),
  createdAt: moment,
  completedAt: moment.nullable(),
});
export type PrintRun = z.infer<typeof printRun>;

export const printRunSearch = z.strictObject({
  batchId: uuid.optional(),
  organisationId: uuid.optional().meta({ description: 'a producer sees its own organisation only' }),
  cursor: uuid.optional().meta({ description: 'the `nextCursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PrintRunSearch = z.infer<typeof printRunSearch>;

export const printRunPage = z.object({
  items: z.array(printRun).meta({ description: 'the run that was asked for last comes first' }),
  nextCursor: uuid.nullable().meta({ description: 'null on the last page' }),
});
export type PrintRunPage = z.infer<typeof printRunPage>;

export const labelSearch = z.strictObject({
  cursor: z.coerce.number().int().min(0).default(0).meta({ description: 'the `nextCursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
});
export type LabelSearch = z.infer<typeof labelSearch>;

export const labelPage = z.object({
  items: z.array(
    z.object({
      position: z.int().min(1),
      serial,
      typedCode: z.string().meta({ description: 'the code for typing, with its check symbol' }),
      uri: z.string(),
      state: z.enum(['issued', 'void']),
    }),
  ),
  nextCursor: z.string().nullable().meta({ description: 'null on the last page' }),
});
export type LabelPage = z.infer<typeof labelPage>;

/** What a sheet says in words about every label of a run, kept as it was when the run was asked for. */
export const sheetFacts = z.object({
  product: localizedText,
  producer: localizedText,
  village: localizedText,
  country,
  netContent: quantity,
  packedOn: day.nullable(),
  bestBefore: day.nullable(),
  demo: z.boolean(),
});
export type SheetFacts = z.infer<typeof sheetFacts>;

export const labelAttributes = z.record(z.string(), z.string());
