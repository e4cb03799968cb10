import { z } from 'zod';
import { localizedText } from '#contracts';
import type { BundleContent } from '#pki/sign';
import type { Tx } from '../database.js';
import { oneName } from '../authority/certificate.rules.js';

/** Notes, with the change itself, that the trust bundle no longer says everything. */
export async function markBundleChanged(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO bundle_state (id, changes, published) VALUES (1, 1, 0)
    ON CONFLICT (id) DO UPDATE SET changes = bundle_state.changes + 1`;
}

/** How much of the content is published; locked until the transaction ends, so that bundles are made one by one. */
export async function lockBundleState(tx: Tx): Promise<{ changes: number; published: number } | undefined> {
  const rows = await tx.$queryRaw<{ changes: number; published: number }[]>`
    SELECT changes, published FROM bundle_state WHERE id = 1 FOR UPDATE`;
  return rows[0];
}

type Facts = Omit<BundleContent, 'seq' | 'issuedAt' | 'nextUpdate' | 'hosts'>;

/** Everything in a bundle that stands in the database. */
export async function bundleFacts(tx: Tx): Promise<Facts> {
  const certificates = await tx.certificate.findMany({
    where: { der: { not: null }, profile: { not: 'bundle-signer' } },
    orderBy: { issuedAt: 'asc' },
    select: { profile: true, der: true },
  });
  const ders = (isRoot: boolean): Uint8Array[] =>
    certificates.flatMap(({ profile, der }) => (der !== null && (profile === 'root') === isRoot ? [der] : []));
  const crls = await tx.$queryRaw<{ der: Uint8Array }[]>`
    SELECT DISTINCT ON (issuer_id) der FROM crl ORDER BY issuer_id, number DESC`;
  const voids = await tx.$queryRaw<{ gtin: string; serial: string }[]>`
    SELECT gtin, serial FROM label WHERE state = 'void'`;
  const recalls = await tx.batch.findMany({ where: { status: 'recalled' }, select: { gtin: true, lot: true } });
  return {
    roots: ders(true),
    certificates: ders(false),
    crls: crls.map(({ der }) => der),
    voids,
    recalls,
    catalogue: await catalogue(tx),
  };
}

const catalogueRow = z.object({
  gtin: z.string(),
  names: localizedText,
  producer: z.object({ names: localizedText, code: z.string(), publicName: z.boolean() }).nullable(),
});

/** GTIN → the names of product and producer; without consent the producer's code stands for its name. */
async function catalogue(tx: Tx): Promise<BundleContent['catalogue']> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT p.gtin, p.names,
           CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object(
             'names', o.names, 'code', o.code, 'publicName', o.public_name) END AS producer
    FROM product p LEFT JOIN organisation o ON o.id = p.organisation_id ORDER BY p.gtin`;
  const entries = z.array(catalogueRow).parse(rows);
  return Object.fromEntries(
    entries.map(({ gtin, names, producer }) => {
      const name = producer === null ? '' : producer.publicName ? oneName(producer.names) : producer.code;
      return [gtin, { product: oneName(names), producer: name }];
    }),
  );
}
