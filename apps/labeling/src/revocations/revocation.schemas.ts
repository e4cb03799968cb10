import { z } from 'zod';
import { certificate, country, moment, revocationCause, uuid } from '#contracts';
import { revocationStates } from './revocation.rules.js';

export const askRevocation = z.strictObject({
  subject: z
    .union([
      z.strictObject({ fingerprint: certificate.shape.fingerprint }),
      z.strictObject({ organisationId: uuid }),
      z.strictObject({ country }),
    ])
    .meta({ description: 'one certificate, all of an organisation, or the CA of a country' }),
  cause: revocationCause,
  note: z.string().trim().min(1).max(500).optional(),
});
export type AskRevocation = z.infer<typeof askRevocation>;

export const revocation = z.object({
  id: uuid,
  cause: revocationCause,
  organisationId: uuid.nullable(),
  country: country.nullable(),
  note: z.string().nullable(),
  state: z.enum(revocationStates).meta({ description: 'proposed: a second person has to confirm it' }),
  proposedBy: z.string(),
  proposedAt: moment,
  decidedBy: z.string().nullable(),
  decidedAt: moment.nullable(),
  liftedBy: z.string().nullable(),
  liftedAt: moment.nullable(),
});
export type Revocation = z.infer<typeof revocation>;
