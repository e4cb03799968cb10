import { z } from 'zod';
import { decision, organisation, place, uuid } from '#contracts';
import { pageOf, pageQuery } from '../page.js';
import { placeAnswer } from '../places/place.schemas.js';

const { kind, legalForm, names, placeId, publicName, country, status } = organisation.shape;

export const registerOrganisation = z.strictObject({
  kind,
  legalForm: legalForm.default(null),
  names,
  placeId,
  publicName: publicName.default(false),
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9-]{1,19}$/, 'must be 2 to 20 capital letters, digits and hyphens, a letter first')
    .optional()
    .meta({ description: 'given when the organisation has a code already; else the register gives one' }),
});
export type RegisterOrganisation = z.infer<typeof registerOrganisation>;

/** A decision of a committee; its members need not name it, an administrator must. */
export const decide = z
  .strictObject({ committeeId: uuid.optional() })
  .nullish()
  .transform((body) => body ?? {});
export type Decide = z.infer<typeof decide>;

export const organisationSearch = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'part of the code or of a name in any language' }),
  country: country.optional(),
  kind: kind.optional(),
  status: status.optional(),
  placeId: uuid.optional(),
  ...pageQuery,
});
export type OrganisationSearch = z.infer<typeof organisationSearch>;

export const approvedOrganisation = organisation.extend({ approval: decision });
export type ApprovedOrganisation = z.infer<typeof approvedOrganisation>;

/** An organisation with its village, that village's parents, and the committee's decision when there is one. */
export const organisationAnswer = organisation.extend({
  place: place.pick({ id: true, level: true, names: true, code: true }).extend({ path: placeAnswer.shape.path }),
  approval: decision.nullable(),
});
export type OrganisationAnswer = z.infer<typeof organisationAnswer>;
export const organisationPage = pageOf(organisationAnswer);
