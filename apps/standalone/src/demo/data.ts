import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { country, day, legalForms, localizedText, lot, materialQuantity, quantity } from '#contracts';

const measurement = z.object({
  name: z.string(),
  unit: z.string().nullable(),
  kind: z.string(),
  limit: z.string().nullable(),
  required: z.boolean(),
});

const step = z.object({
  sequence: z.int(),
  code: z.string(),
  names: localizedText,
  inputs: z.array(materialQuantity),
  outputs: z.array(materialQuantity),
  measurements: z.array(measurement),
  isPublic: z.boolean(),
});

const schema = z.object({
  places: z.array(
    z.object({
      id: z.string(),
      country,
      level: z.int(),
      type: z.string(),
      parent: z.string().nullable(),
      codeSystem: z.string().nullable(),
      code: z.string().nullable(),
      names: localizedText,
      aliases: z.array(z.string()),
      latitude: z.number().optional(),
      longitude: z.number().optional(),
      altitudeMetres: z.int().optional(),
    }),
  ),
  committees: z.array(z.object({ id: z.string(), country, place: z.string(), names: localizedText })),
  producers: z.array(
    z.object({
      id: z.string(),
      village: z.string(),
      legalForm: z.enum(legalForms),
      names: localizedText,
      publicName: z.boolean(),
      committee: z.string(),
    }),
  ),
  products: z.array(
    z.object({
      id: z.string(),
      producer: z.string(),
      names: localizedText,
      category: z.string(),
      hsCode: z.string(),
      salesUnit: z.string(),
      netContent: quantity,
      shelfLifeDays: z.int().nullable(),
      steps: z.array(step),
    }),
  ),
  batches: z.array(
    z.object({
      id: z.string(),
      product: z.string(),
      lot,
      state: z.enum(['open', 'released', 'recalled']),
      madeOn: day,
      packedOn: day.nullable(),
      bestBefore: day.nullable(),
      unitsProduced: z.int().nullable(),
      labels: z.int().nullable(),
      scenario: z.string(),
    }),
  ),
});
export type DemoData = z.infer<typeof schema>;
export type DemoProduct = DemoData['products'][number];
export type DemoBatch = DemoData['batches'][number];

/** The demonstration data that ship with the project. */
export function readDemoData(): DemoData {
  const file = new URL('../../assets/demo-data.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
