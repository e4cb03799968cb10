import { z } from 'zod';
import { gtin, labelsPerEvent, LabelsVoided, serial } from '#contracts';

export const voidLabels = z.strictObject({
  gtin,
  serials: z.array(serial).min(1).max(labelsPerEvent),
  reason: LabelsVoided.data.shape.reason,
});
export type VoidLabels = z.infer<typeof voidLabels>;

export const voidedLabels = z.object({
  voided: z.int().meta({ description: 'labels that are void from now on' }),
  alreadyVoid: z.int().meta({ description: 'labels that were void before and stay so' }),
});
export type VoidedLabels = z.infer<typeof voidedLabels>;
