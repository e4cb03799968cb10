import { z } from 'zod';
import { defineEvent } from '../event.js';
import { country, moment, role, uuid } from '../values.js';

export const apiKey = z.object({
  id: uuid,
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the key; the key itself is shown once' }),
  role,
  organisationId: uuid.nullable(),
  country: country.nullable(),
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;

export const ApiKeyIssued = defineEvent(
  'registration.api-key.issued.v1',
  'A partner system got a key; every service keeps its hash.',
  z.object({ apiKey }),
);

export const ApiKeyRevoked = defineEvent(
  'registration.api-key.revoked.v1',
  'A key is no longer accepted.',
  z.object({ apiKey }),
);
