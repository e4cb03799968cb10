import { z } from 'zod';
import { apiKey, moment } from '#contracts';
import { pageOf, pageQuery } from '../page.js';

const { role, organisationId, country } = apiKey.shape;

export const issueApiKey = z.strictObject({
  role,
  organisationId: organisationId.default(null),
  country: country.default(null),
  expiresAt: moment.nullable().default(null),
});
export type IssueApiKey = z.infer<typeof issueApiKey>;

/** What is known about a key; neither the key nor its hash is told. */
export const apiKeyFacts = apiKey.omit({ hash: true });
export type ApiKeyFacts = z.infer<typeof apiKeyFacts>;

export const issuedApiKey = apiKeyFacts.extend({
  key: z.string().nullable().meta({
    description:
      'the key itself, in the first answer only: a request that is sent again gets null, since no copy is kept',
  }),
});
export type IssuedApiKey = z.infer<typeof issuedApiKey>;

export const apiKeySearch = z.strictObject(pageQuery);
export type ApiKeySearch = z.infer<typeof apiKeySearch>;
export const apiKeyPage = pageOf(apiKeyFacts);
