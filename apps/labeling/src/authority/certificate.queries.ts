import { z } from 'zod';
import { AppError, country, localizedText } from '#contracts';
import { parseCertificate } from '#pki';
import type { AnyAuthority } from '#pki/sign';
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

const dueRow = z.object({
  id: z.uuid(),
  code: z.string(),
  names: localizedText,
  country,
  publicName: z.boolean(),
  gtinPrefix: z.string(),
  village: localizedText,
  last: z.object({ window: z.int(), signingUntil: z.coerce.date(), issued: z.boolean() }).nullable(),
});
export type DueProducer = Producer & Pick<z.infer<typeof dueRow>, 'id' | 'last'>;

/** Approved organisations with a known place and a product that is certified now, each with its last window. */
export async function readyProducers(tx: Tx, now: Date): Promise<DueProducer[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT o.id, o.code, o.names, o.country, o.public_name AS "publicName", o.gtin_prefix AS "gtinPrefix",
           p.names AS village,
           (SELECT jsonb_build_object('window', c."window", 'signingUntil', c.signing_until,
                                      'issued', c.issued_at IS NOT NULL)
            FROM certificate c WHERE c.organisation_id = o.id ORDER BY c."window" DESC LIMIT 1) AS last
    FROM organisation o JOIN place p ON p.id = o.place_id
    WHERE o.status = 'approved' AND o.gtin_prefix IS NOT NULL
      AND EXISTS (SELECT 1 FROM product WHERE organisation_id = o.id AND status = 'certified'
                    AND certified_until >= ${now}::date)
    ORDER BY o.id`;
  return z.array(dueRow).parse(rows);
}
