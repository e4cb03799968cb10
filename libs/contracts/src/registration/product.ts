import { z } from 'zod';
import { defineEvent } from '../event.js';
import { decision } from './organisation.js';
import { day, gtin, localizedText, quantity, uuid } from '../values.js';

/** What a step is expected to note: a number with its unit and limits, or a text. */
export const measurementTemplate = z.strictObject({
  name: z.string().trim().min(1).max(100),
  unit: z.string().trim().min(1).max(20).nullable().meta({ description: 'UCUM or plain symbol; null for a text' }),
  limit: z.string().trim().max(200).nullable(),
  required: z.boolean(),
});

/** One step of the process template, in the order of the craft. */
export const stepTemplate = z.strictObject({
  sequence: z.int().min(1).max(99),
  code: z.string().regex(/^[A-Z][A-Z0-9_]{1,39}$/, 'must be capitals, digits and underscores'),
  names: localizedText,
  measurements: z.array(measurementTemplate).max(30),
  isPublic: z.boolean(),
});
export type StepTemplate = z.infer<typeof stepTemplate>;

export const product = z.object({
  id: uuid,
  organisationId: uuid,
  gtin,
  names: localizedText,
  category: z.string().regex(/^[a-z][a-z_]{1,39}$/),
  hsCode: z.string().regex(/^\d{6}(\d{2}){0,2}$/, 'must be 6, 8 or 10 digits of the Harmonized System'),
  salesUnit: z.string().min(1).max(40),
  netContent: quantity,
  shelfLifeDays: z.int().min(1).max(36500).nullable(),
  processTemplate: z.array(stepTemplate).min(1).max(50),
  status: z.enum(['registered', 'certified', 'suspended', 'withdrawn']),
});
export type Product = z.infer<typeof product>;

export const certification = decision.extend({
  number: z.string().min(1).max(40),
  validUntil: day,
});
export type Certification = z.infer<typeof certification>;

export const ProductRegistered = defineEvent(
  'registration.product.registered.v1',
  'A product was entered and got its GTIN; it is not certified yet.',
  z.object({ product }),
);

export const ProductCertified = defineEvent(
  'registration.product.certified.v1',
  'A committee certified a product: its batches may be opened and its labels signed.',
  z.object({ product, certification }),
);
