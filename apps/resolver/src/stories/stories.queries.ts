import type { Pool } from 'pg';
import type { StoryRow } from './story.rules.js';
import { storyRow } from './story.schemas.js';

/** The rest of the query, given `subject(product, certification, batch, recall_reason)` with at most one row. */
const storyOf = (subject: string): string => `
  WITH RECURSIVE subject AS (${subject}),
  steps AS (
    SELECT step.data FROM step, subject WHERE step.batch_id = (subject.batch->>'id')::uuid LIMIT 200
  ),
  maker AS (
    SELECT organisation.data FROM organisation, subject
    WHERE organisation.id = coalesce(subject.batch->>'organisationId', subject.product->>'organisationId')::uuid
  ),
  tree AS (
    SELECT place.data, place.parent_id FROM place WHERE place.id IN (
      SELECT (batch->>'placeId')::uuid FROM subject
      UNION SELECT (data->>'placeId')::uuid FROM maker
      UNION SELECT (data->>'placeId')::uuid FROM steps)
    UNION
    SELECT parent.data, parent.parent_id FROM tree JOIN place parent ON parent.id = tree.parent_id
  )
  SELECT product, certification, batch, recall_reason AS "recallReason",
    (SELECT data FROM maker) AS organisation,
    (SELECT coalesce(jsonb_agg(data), '[]') FROM steps) AS steps,
    (SELECT coalesce(jsonb_agg(data || jsonb_build_object('parentId', parent_id)), '[]') FROM tree) AS places
  FROM subject`;

const byBatch = storyOf(`
  SELECT product.data AS product, product.certification, batch.data AS batch, batch.recall_reason
  FROM batch LEFT JOIN product ON product.id = batch.product_id WHERE batch.id = $1::uuid`);

const byProduct = storyOf(`
  SELECT data AS product, certification, NULL::jsonb AS batch, NULL::text AS recall_reason
  FROM product WHERE gtin = $1 LIMIT 1`);

/** The story of a batch with its product, maker, steps and every place that they name; undefined when unknown. */
export async function findBatchStory(pool: Pool, batchId: string): Promise<StoryRow | undefined> {
  const { rows } = await pool.query({ name: 'story-by-batch', text: byBatch, values: [batchId] });
  return rows[0] === undefined ? undefined : storyRow.parse(rows[0]);
}

/** What is known about a product when its batch is not known. */
export async function findProductStory(pool: Pool, gtin: string): Promise<StoryRow | undefined> {
  const { rows } = await pool.query({ name: 'story-by-product', text: byProduct, values: [gtin] });
  return rows[0] === undefined ? undefined : storyRow.parse(rows[0]);
}
