import { AppError, type Certification, type Organisation, type Place, type Product } from '#contracts';
import type { Tx } from '../database.js';

// An event that is delivered late, such as a replayed dead letter, must not undo a later one:
// a row changes only when the event's time is not before the time of what the row says.

export async function keepPlace(tx: Tx, place: Place, time: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO place (id, country, level, names, as_of)
    VALUES (${place.id}::uuid, ${place.country}, ${place.level}, ${JSON.stringify(place.names)}::jsonb,
            ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET country = excluded.country, level = excluded.level, names = excluded.names, as_of = excluded.as_of
    WHERE place.as_of <= excluded.as_of`;
}

export async function keepOrganisation(tx: Tx, organisation: Organisation, time: string): Promise<void> {
  const { id, code, country, names, placeId, status } = organisation;
  await tx.$executeRaw`
    INSERT INTO organisation (id, code, country, names, place_id, status, as_of)
    VALUES (${id}::uuid, ${code}, ${country}, ${JSON.stringify(names)}::jsonb, ${placeId}::uuid, ${status},
            ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET code = excluded.code, country = excluded.country, names = excluded.names, place_id = excluded.place_id,
        status = excluded.status, as_of = excluded.as_of
    WHERE organisation.as_of <= excluded.as_of`;
}

export async function keepProduct(tx: Tx, product: Product, time: string): Promise<void> {
  const { id, organisationId, gtin, names, shelfLifeDays, processTemplate, status } = product;
  await tx.$executeRaw`
    INSERT INTO product (id, organisation_id, gtin, names, shelf_life_days, process_template, status, as_of)
    VALUES (${id}::uuid, ${organisationId}::uuid, ${gtin}, ${JSON.stringify(names)}::jsonb, ${shelfLifeDays}::int,
            ${JSON.stringify(processTemplate)}::jsonb, ${status}, ${time}::timestamptz)
    ON CONFLICT (id) DO UPDATE
    SET organisation_id = excluded.organisation_id, gtin = excluded.gtin, names = excluded.names,
        shelf_life_days = excluded.shelf_life_days, process_template = excluded.process_template,
        status = excluded.status, as_of = excluded.as_of
    WHERE product.as_of <= excluded.as_of`;
}

/** Adds the certification to a product that {@link keepProduct} knows; the latest one counts. */
export async function keepCertification(
  tx: Tx,
  productId: string,
  { number, validUntil }: Certification,
  time: string,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE product
    SET certification_number = ${number}, certified_until = ${validUntil}::date, certified_as_of = ${time}::timestamptz
    WHERE id = ${productId}::uuid AND (certified_as_of IS NULL OR certified_as_of <= ${time}::timestamptz(3))`;
}

/** @throws {AppError} `not-found` naming the field of the request that holds the id */
export async function assertPlaceKnown(tx: Tx, id: string, field: string): Promise<void> {
  if ((await tx.place.count({ where: { id } })) === 0) throw unknown(field, 'place', id);
}

/** What a request refers to and the register has not told of, or not yet. */
export function unknown(field: string, kind: 'place' | 'product', id: string): AppError {
  const message = `there is no ${kind} ${id}`;
  return new AppError('not-found', `${field}: ${message}`, [{ field, message }]);
}
