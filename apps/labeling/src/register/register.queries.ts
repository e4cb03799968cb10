import type { Batch, Certification, Organisation, Place, Product } from '#contracts';
import type { Tx } from '../database.js';

// An event that is delivered late, such as a replayed dead letter, must not undo a later one:
// a row changes only when the event's time is not before the time of what the row says.

export async function keepPlace(tx: Tx, { id, country, names }: Place, time: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO place (id, country, names, as_of)
    VALUES (${id}::uuid, ${country}, ${JSON.stringify(names)}::jsonb, ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET country = excluded.country, names = excluded.names, as_of = excluded.as_of
    WHERE place.as_of <= excluded.as_of`;
}

export async function keepOrganisation(tx: Tx, organisation: Organisation, time: string): Promise<void> {
  const { id, code, names, country, placeId, status, gtinPrefix, publicName } = organisation;
  await tx.$executeRaw`
    INSERT INTO organisation (id, code, names, country, place_id, status, gtin_prefix, public_name, as_of)
    VALUES (${id}::uuid, ${code}, ${JSON.stringify(names)}::jsonb, ${country}, ${placeId}::uuid, ${status},
            ${gtinPrefix}, ${publicName}, ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET code = excluded.code, names = excluded.names, country = excluded.country, place_id = excluded.place_id,
        status = excluded.status, gtin_prefix = excluded.gtin_prefix, public_name = excluded.public_name,
        as_of = excluded.as_of
    WHERE organisation.as_of <= excluded.as_of`;
}

export async function keepProduct(
  tx: Tx,
  { id, organisationId, gtin, names, netContent, status }: Product,
  { validUntil }: Certification,
  time: string,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO product (id, organisation_id, gtin, names, net_content, status, certified_until, as_of)
    VALUES (${id}::uuid, ${organisationId}::uuid, ${gtin}, ${JSON.stringify(names)}::jsonb,
            ${JSON.stringify(netContent)}::jsonb, ${status}, ${validUntil}::date, ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET organisation_id = excluded.organisation_id, gtin = excluded.gtin, names = excluded.names,
        net_content = excluded.net_content, status = excluded.status, certified_until = excluded.certified_until,
        as_of = excluded.as_of
    WHERE product.as_of <= excluded.as_of`;
}

export async function keepBatch(tx: Tx, batch: Batch, time: string): Promise<void> {
  const { id, productId, organisationId, placeId, gtin, lot, status, packedOn, bestBefore, unitsProduced } = batch;
  await tx.$executeRaw`
    INSERT INTO batch (id, product_id, organisation_id, place_id, gtin, lot, status, packed_on, best_before,
                       units_produced, as_of)
    VALUES (${id}::uuid, ${productId}::uuid, ${organisationId}::uuid, ${placeId}::uuid, ${gtin}, ${lot}, ${status},
            ${packedOn}::date, ${bestBefore}::date, ${unitsProduced}::int, ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET status = excluded.status, packed_on = excluded.packed_on, best_before = excluded.best_before,
        units_produced = excluded.units_produced, as_of = excluded.as_of
    WHERE batch.as_of <= excluded.as_of`;
}
