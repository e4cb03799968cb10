import { z } from 'zod';
import { defineEvent } from '../event.js';
import { country, localizedText, moment, uuid } from '../values.js';

export const organisationKinds = ['producer', 'committee', 'authority', 'laboratory', 'intermediary'] as const;
export const legalForms = [
  'self_help_group',
  'individual_entrepreneur',
  'cooperative',
  'company',
  'peasant_farm',
  'association',
  'public_body',
] as const;

export const organisation = z.object({
  id: uuid,
  code: z.string().meta({ description: 'short code, the OU of the label-signing certificate' }),
  kind: z.enum(organisationKinds),
  legalForm: z.enum(legalForms).nullable(),
  names: localizedText,
  country,
  placeId: uuid,
  status: z.enum(['registered', 'approved', 'suspended', 'closed']),
  gtinPrefix: z
    .string()
    .regex(/^\d{4,12}$/)
    .nullable()
    .meta({ description: 'leading digits of every GTIN-13 of this organisation; null until it is a producer' }),
  publicName: z.boolean().meta({ description: 'consent to show the name on public pages' }),
});
export type Organisation = z.infer<typeof organisation>;

/** Who decided, for the record and for the public page. */
export const decision = z.object({
  committeeId: uuid,
  committeeNames: localizedText,
  decidedAt: moment,
});

export const OrganisationRegistered = defineEvent(
  'registration.organisation.registered.v1',
  'An organisation was entered in the register; it may not sign labels yet.',
  z.object({ organisation }),
);

export const OrganisationApproved = defineEvent(
  'registration.organisation.approved.v1',
  'A committee approved an organisation.',
  z.object({ organisation, decision }),
);
