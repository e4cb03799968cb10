import { z } from 'zod';
import { AppError, country, localizedText } from '#contracts';
import { parseCertificate, reasonCodes, type RevocationReason } from '#pki';
import type { AnyAuthority, Revocation } from '#pki/sign';
import type { Tx } from '../database.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { Keyring } from './keyring.js';
import type { Producer } from './certificate.rules.js';

export type CertificateRow = Prisma.CertificateGetPayload<object>;
/** A certificate that is signed. */
export type IssuedRow = CertificateRow & { der: Uint8Array<ArrayBuffer>; kid: string; subjectText: string };

export function isIssued(row: CertificateRow): row is IssuedRow {
  return row.der !== null && row.kid !== null && row.subjectText !== null;
}

/** A certificate with the key behind it, ready to sign with. */
export async function openAuthority(tx: Tx, keys: Keyring, id: string): Promise<AnyAuthority> {
  const row = await tx.certificate.findUniqueOrThrow({ where: { id } });
  if (!isIssued(row)) throw new AppError('unavailable', `the certificate ${row.slot} is not signed yet`);
  return { certificate: parseCertificate(row.der), signer: await keys.signer(tx, row.keyId) };
}

/** Whatever was revoked of an issuer's certificates, the earliest first, for its CRL. */
export async function revocationsOf(tx: Tx, issuerId: string): Promise<Revocation[]> {
  const rows = await tx.certificate.findMany({
    where: { issuerId, revokedAt: { not: null }, issuedAt: { not: null } },
    orderBy: [{ revokedAt: 'asc' }, { id: 'asc' }],
    select: { serialNumber: true, revokedAt: true, revokedFor: true },
  });
  return rows.flatMap(({ serialNumber, revokedAt, revokedFor }) =>
    revokedAt === null ? [] : [{ serialNumber: toHex(serialNumber), revokedAt, reason: reasonOf(revokedFor) }],
  );
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const isReason = (text: string): text is RevocationReason => Object.hasOwn(reasonCodes, text);
const reasonOf = (text: string | null): RevocationReason => (text !== null && isReason(text) ? text : 'unspecified');

const dueRow = z.object({
  id: z.uuid(),
  code: z.string(),
  names: localizedText,
  country,
  publicName: z.boolean(),
  gtinPrefix: z.string(),
  village: localizedText,
  last: z
    .object({ window: z.int(), signingUntil: z.coerce.date(), issued: z.boolean(), revoked: z.boolean() })
    .nullable(),
});
export type DueProducer = Producer & Pick<z.infer<typeof dueRow>, 'id' | 'last'>;

/**
 * Approved organisations with a known place and a product that is certified now, each with its last window;
 * none that is suspended or closed.
 */
export async function readyProducers(tx: Tx, now: Date): Promise<DueProducer[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT o.id, o.code, o.names, o.country, o.public_name AS "publicName", o.gtin_prefix AS "gtinPrefix",
           p.names AS village,
           (SELECT jsonb_build_object('window', c."window", 'signingUntil', c.signing_until,
                                      'issued', c.issued_at IS NOT NULL,
                                      'revoked', c.revoked_at IS NOT NULL)
            FROM certificate c WHERE c.organisation_id = o.id ORDER BY c."window" DESC LIMIT 1) AS last
    FROM organisation o JOIN place p ON p.id = o.place_id
    WHERE o.status = 'approved' AND o.gtin_prefix IS NOT NULL
      AND EXISTS (SELECT 1 FROM product WHERE organisation_id = o.id AND status = 'certified'
                    AND certified_until >= ${now}::date)
      AND NOT EXISTS (SELECT 1 FROM revocation WHERE organisation_id = o.id AND state = 'done'
                        AND cause IN ('producer-suspended', 'producer-closed'))
    ORDER BY o.id`;
  return z.array(dueRow).parse(rows);
}
