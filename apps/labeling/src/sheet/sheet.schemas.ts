import { z } from 'zod';
import { language } from '#contracts';
import { labelsPerSheet } from './sheet.layout.js';

export const sheetQuery = z.strictObject({
  language: language.optional().meta({ description: "when left out, the run's" }),
  start: z.coerce
    .number()
    .int()
    .min(1)
    .max(labelsPerSheet)
    .default(1)
    .meta({ description: 'place of the first label on the first sheet, for a sheet that was begun before' }),
});
export type SheetQuery = z.infer<typeof sheetQuery>;
