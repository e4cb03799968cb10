import type { Batch, Certification, Organisation, Place, Product, Step } from '#contracts';
import type { Tx } from '../database.js';

/**
 * The upserts of the read model. Each event carries its aggregate whole, so the newest wins and an older one that
 * comes late changes nothing. No row refers to another: topics are not ordered against each other.
 */

export async function savePlace(tx: Tx, place: Place, asOf: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO place (id, parent_id, data, as_of)
    VALUES (${place.id}::uuid, ${place.parentId}::uuid, ${JSON.stringify(place)}::jsonb, ${asOf})
    ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, data = excluded.data, as_of = excluded.as_of
    WHERE place.as_of <= excluded.as_of`;
}

export async function saveOrganisation(tx: Tx, organisation: Organisation, asOf: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO organisation (id, data, as_of)
    VALUES (${organisation.id}::uuid, ${JSON.stringify(organisation)}::jsonb, ${asOf})
    ON CONFLICT (id) DO UPDATE SET data = excluded.data, as_of = excluded.as_of
    WHERE organisation.as_of <= excluded.as_of`;
}

/** `certification` stays as it was when the event says nothing about it. */
export async function saveProduct(
  tx: Tx,
  product: Product,
  certification: Certification | null,
  asOf: Date,
): Promise<void> {
  const certificationJson = certification === null ? null : JSON.stringify(certification);
  await tx.$executeRaw`
    INSERT INTO product (id, gtin, data, certification, as_of)
    VALUES (${product.id}::uuid, ${product.gtin}, ${JSON.stringify(product)}::jsonb,
            ${certificationJson}::jsonb, ${asOf})
    ON CONFLICT (id) DO UPDATE SET
      gtin = excluded.gtin, data = excluded.data, as_of = excluded.as_of,
      certification = coalesce(excluded.certification, product.certification)
    WHERE product.as_of <= excluded.as_of`;
}

/** A recall once told is never taken back by an event that came before it. */
export async function saveBatch(tx: Tx, batch: Batch, recallReason: string | null, asOf: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO batch (id, product_id, gtin, lot, data, recalled, recall_reason, as_of)
    VALUES (${batch.id}::uuid, ${batch.productId}::uuid, ${batch.gtin}, ${batch.lot},
            ${JSON.stringify(batch)}::jsonb, ${batch.status === 'recalled'}, ${recallReason}, ${asOf})
    ON CONFLICT (id) DO UPDATE SET
      product_id = excluded.product_id, gtin = excluded.gtin, lot = excluded.lot, data = excluded.data,
      recalled = excluded.recalled, as_of = excluded.as_of,
      recall_reason = coalesce(excluded.recall_reason, batch.recall_reason)
    WHERE batch.as_of <= excluded.as_of`;
}

/** Who recorded the step is not kept: no public answer may name a person. */
export async function saveStep(tx: Tx, batchId: string, step: Step, asOf: Date): Promise<void> {
  const { recordedBy: _person, ...facts } = step;
  await tx.$executeRaw`
    INSERT INTO step (id, batch_id, data, as_of)
    VALUES (${step.id}::uuid, ${batchId}::uuid, ${JSON.stringify(facts)}::jsonb, ${asOf})
    ON CONFLICT (id) DO UPDATE SET batch_id = excluded.batch_id, data = excluded.data, as_of = excluded.as_of
    WHERE step.as_of <= excluded.as_of`;
}
