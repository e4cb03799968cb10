import { z } from 'zod';
import { isRestrictedCirculation } from '#label';
import { parseConfig, serviceEnvironment } from '#platform';
import { isLogin } from './people/login.rules.js';
import { shortestPassword } from './people/person.rules.js';

/** A key of 32 bytes in base64, as `openssl rand -base64 32` prints it. */
const key32 = z
  .base64('must be base64')
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
  .transform((text) => Buffer.from(text, 'base64'));

/** What is left of the twelve digits after five for the organisation are the digits of its item references. */
const programmePrefix = z
  .string()
  .regex(/^\d{3,6}$/, 'must be the 3 to 6 leading digits of the programme’s GTIN-13')
  .refine(
    (prefix) => !isRestrictedCirculation(`0${prefix}`),
    'must not be a restricted-circulation prefix (02, 04, 2)',
  );

const schema = serviceEnvironment
  .extend({
    PORT: serviceEnvironment.shape.PORT.default(3001),
    SESSION_SECRET: key32,
    ADMIN_LOGIN: z
      .string()
      .refine(isLogin, 'must be an e-mail address or a phone number with its country code')
      .optional(),
    ADMIN_PASSWORD: z.string().min(shortestPassword).max(200).optional(),
    GTIN_PROGRAMME_PREFIX: programmePrefix.default('952'),
  })
  .refine(({ ADMIN_LOGIN, ADMIN_PASSWORD }) => (ADMIN_LOGIN === undefined) === (ADMIN_PASSWORD === undefined), {
    path: ['ADMIN_PASSWORD'],
    message: 'ADMIN_LOGIN and ADMIN_PASSWORD go together',
  });
export type Config = z.infer<typeof schema>;

/** Reads the configuration of registration; every fault is listed. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);
