import { z } from 'zod';
import { certification, day, organisation, product, uuid } from '#contracts';
import { pageOf, pageQuery } from '../page.js';

const { names, category, hsCode, salesUnit, netContent, shelfLifeDays, processTemplate, status } = product.shape;

/** What may be said about a product again until it is certified. */
export const productFacts = z.strictObject({
  names,
  category,
  hsCode,
  salesUnit,
  netContent,
  shelfLifeDays: shelfLifeDays.default(null),
  processTemplate,
});
export type ProductFacts = z.infer<typeof productFacts>;

export const registerProduct = productFacts.extend({
  organisationId: uuid,
  gtin: z
    .string()
    .max(14)
    .optional()
    .meta({ description: "the organisation's own GTIN of 8, 12, 13 or 14 digits; else the register allocates one" }),
});
export type RegisterProduct = z.infer<typeof registerProduct>;

export const certifyProduct = z
  .strictObject({
    committeeId: uuid.optional(),
    validUntil: day.optional().meta({ description: 'last day of the certificate; three years when not given' }),
  })
  .nullish()
  .transform((body) => body ?? {});
export type CertifyProduct = z.infer<typeof certifyProduct>;

export const productSearch = z.strictObject({
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'part of a name in any language' }),
  gtin: z
    .string()
    .regex(/^\d{8,14}$/, 'must be 8 to 14 digits')
    .transform((digits) => digits.padStart(gtinLength, '0'))
    .optional(),
  category: category.optional(),
  organisationId: uuid.optional(),
  country: organisation.shape.country.optional(),
  status: status.optional(),
  ...pageQuery,
});
export type ProductSearch = z.infer<typeof productSearch>;
const gtinLength = 14;

export const certifiedProduct = product.extend({ certification });
export type CertifiedProduct = z.infer<typeof certifiedProduct>;

/** A product with whose it is and the certificate of quality when there is one. */
export const productAnswer = product.extend({
  organisation: organisation.pick({ id: true, code: true, names: true, country: true, status: true }),
  certification: certification.nullable(),
});
export type ProductAnswer = z.infer<typeof productAnswer>;
export const productPage = pageOf(productAnswer);
