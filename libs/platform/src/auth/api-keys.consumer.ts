import { Controller, Inject } from '@nestjs/common';
import type { Pool } from 'pg';
import { ApiKeyIssued, ApiKeyRevoked, type EventOf } from '#contracts';
import { On } from '../events/on.js';
import { POOL } from '../tokens.js';

/** Keeps this service's copy of the API keys, so that a key works while registration is down. */
@Controller()
export class ApiKeysConsumer {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  @On(ApiKeyIssued)
  async issued(event: EventOf<typeof ApiKeyIssued>): Promise<void> {
    const { id, hash, role, organisationId, country, expiresAt } = event.data.apiKey;
    await this.pool.query(
      `INSERT INTO api_key (id, hash, role, organisation_id, country, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [id, hash, role, organisationId, country, expiresAt],
    );
  }

  @On(ApiKeyRevoked)
  async revoked(event: EventOf<typeof ApiKeyRevoked>): Promise<void> {
    await this.issued(event);
    await this.pool.query('UPDATE api_key SET revoked_at = $2 WHERE id = $1', [
      event.data.apiKey.id,
      event.data.apiKey.revokedAt,
    ]);
  }
}
