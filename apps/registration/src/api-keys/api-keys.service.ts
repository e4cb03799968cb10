import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ApiKeyIssued, ApiKeyRevoked, AppError, invalid, type ApiKey } from '#contracts';
import { apiKeyPrefix, CLOCK, hashApiKey, newId, publish, type Clock } from '#platform';
import { Database } from '../database.js';
import { namedOrganisation } from '../organisations/organisations.queries.js';
import { toPage, type Page } from '../page.js';
import { membership } from '../people/person.rules.js';
import type { ApiKeyFacts, ApiKeySearch, IssueApiKey, IssuedApiKey } from './api-key.schemas.js';
import { insertApiKey, lockApiKey, newestApiKeys, setRevoked } from './api-keys.queries.js';

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Issues a key for a partner system. The key is added to the answer after the transaction, so that the copy
   * of the answer that an Idempotency-Key keeps does not hold it: a replay says `key: null`. Whoever lost
   * the first answer revokes that key and asks for another one.
   */
  async issue(input: IssueApiKey): Promise<IssuedApiKey> {
    const key = `${apiKeyPrefix}${randomBytes(32).toString('base64url')}`;
    const issued = await this.db.write(async (tx): Promise<IssuedApiKey> => {
      const now = this.now();
      if (input.expiresAt !== null && Date.parse(input.expiresAt) <= now.getTime())
        throw invalid('expiresAt', 'must lie in the future');
      const organisation =
        input.organisationId === null ? null : await namedOrganisation(tx, 'organisationId', input.organisationId);
      const apiKey: ApiKey = {
        id: newId(now),
        hash: hashApiKey(key),
        role: input.role,
        ...membership(input, organisation),
        expiresAt: input.expiresAt,
        revokedAt: null,
      };
      await insertApiKey(tx, apiKey);
      await publish(tx, ApiKeyIssued, apiKey.id, { apiKey }, now);
      return { ...factsOf(apiKey), key: null };
    });
    return { ...issued, key };
  }

  /** Ends a key at once here, and with the event everywhere. A key that has ended already stays as it is. */
  async revoke(id: string): Promise<void> {
    await this.db.write(async (tx) => {
      const now = this.now();
      const apiKey = await lockApiKey(tx, id);
      if (apiKey === undefined) throw new AppError('not-found', `there is no API key ${id}`);
      if (apiKey.revokedAt !== null) return;
      await setRevoked(tx, id, now);
      await publish(tx, ApiKeyRevoked, id, { apiKey: { ...apiKey, revokedAt: now.toISOString() } }, now);
    });
  }

  async list({ limit, cursor }: ApiKeySearch): Promise<Page<ApiKeyFacts>> {
    const keys = await newestApiKeys(this.db, limit + 1, cursor);
    return toPage(keys.map(factsOf), limit);
  }
}

function factsOf({ id, role, organisationId, country, expiresAt, revokedAt }: ApiKey): ApiKeyFacts {
  return { id, role, organisationId, country, expiresAt, revokedAt };
}
