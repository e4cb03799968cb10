import { apiKey as apiKeySchema, type ApiKey } from '#contracts';
import type { Tx } from '../database.js';

// The table is the platform's, which every service has: no generated client knows it.

interface Row {
  id: string;
  hash: string;
  role: string;
  organisationId: string | null;
  country: string | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const toApiKey = (row: Row): ApiKey =>
  apiKeySchema.parse({
    ...row,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  });

export async function insertApiKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO api_key (id, hash, role, organisation_id, country, expires_at)
    VALUES (${key.id}::uuid, ${key.hash}, ${key.role}, ${key.organisationId}::uuid, ${key.country},
            ${key.expiresAt}::timestamptz)`;
}

/** The key with that id, locked until the transaction ends. */
export async function lockApiKey(tx: Tx, id: string): Promise<ApiKey | undefined> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT id, hash, role, organisation_id AS "organisationId", country, expires_at AS "expiresAt",
           revoked_at AS "revokedAt"
    FROM api_key WHERE id = ${id}::uuid FOR UPDATE`;
  return row === undefined ? undefined : toApiKey(row);
}

export async function setRevoked(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.$executeRaw`UPDATE api_key SET revoked_at = ${now} WHERE id = ${id}::uuid`;
}

/** The newest keys below `cursor`, at most `count`. */
export async function newestApiKeys(tx: Tx, count: number, cursor: string | undefined): Promise<ApiKey[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id, hash, role, organisation_id AS "organisationId", country, expires_at AS "expiresAt",
           revoked_at AS "revokedAt"
    FROM api_key WHERE id < ${cursor ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid
    ORDER BY id DESC LIMIT ${count}`;
  return rows.map(toApiKey);
}
