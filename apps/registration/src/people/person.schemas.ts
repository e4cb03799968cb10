import { z } from 'zod';
import { country, moment, role, uuid } from '#contracts';
import { pageOf, pageQuery } from '../page.js';
import { shortestPassword } from './person.rules.js';

const login = z
  .string()
  .trim()
  .min(3)
  .max(256)
  .meta({ description: 'e-mail address, or phone number with country code' });

export const enterPerson = z.strictObject({
  login,
  password: z.string().min(shortestPassword, `must have at least ${shortestPassword} characters`).max(200),
  role,
  organisationId: uuid.nullable().default(null),
  country: country.nullable().default(null),
  displayName: z.string().trim().min(1).max(100).nullable().default(null),
});
export type EnterPerson = z.infer<typeof enterPerson>;

export const person = z.object({
  id: uuid,
  login: z.string().meta({ description: 'e-mail address in lower case, or phone number in E.164' }),
  role,
  organisationId: uuid.nullable(),
  country: country.nullable(),
  displayName: z.string().nullable(),
  createdAt: moment,
});
export type Person = z.infer<typeof person>;

export const personSearch = z.strictObject({
  role: role.optional(),
  organisationId: uuid.optional(),
  ...pageQuery,
});
export type PersonSearch = z.infer<typeof personSearch>;
export const personPage = pageOf(person);

export const signIn = z.strictObject({ login, password: z.string().min(1).max(200) });
export type SignIn = z.infer<typeof signIn>;

export const signedIn = z.object({
  accessToken: z.string().meta({ description: 'a JWT for `Authorization: Bearer`; browsers have it as a cookie too' }),
  expiresAt: moment,
  person: person.pick({ id: true, role: true, organisationId: true, login: true }),
});
export type SignedIn = z.infer<typeof signedIn>;

/** A JSON Web Key Set (RFC 7517) of public ES256 keys. */
export const jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
});
export type Jwks = z.infer<typeof jwks>;
