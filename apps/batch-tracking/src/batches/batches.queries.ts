import { z } from 'zod';
import {
  AppError,
  batch as batchSchema,
  country,
  product,
  stepTemplate,
  type Batch,
  type StepTemplate,
} from '#contracts';
import type { Owner } from '../access.js';
import type { Tx } from '../database.js';
import type { Prisma } from '../generated/prisma/client.js';
import { lotNumber, type BatchProduct } from './batch.rules.js';

export type BatchRow = Prisma.BatchGetPayload<{ include: { product: true; organisation: true } }>;

const processTemplate = z.array(stepTemplate);

/** A day of the calendar from a DATE column, which Prisma reads as midnight UTC. */
const day = (date: Date): string => date.toISOString().slice(0, 10);

/** The shape of the contract from a row. */
export function toBatch(row: Prisma.BatchGetPayload<object>): Batch {
  return batchSchema.parse({
    ...row,
    madeOn: day(row.madeOn),
    packedOn: row.packedOn && day(row.packedOn),
    bestBefore: row.bestBefore && day(row.bestBefore),
  });
}

export function toProduct(row: Prisma.ProductGetPayload<object>): BatchProduct & { processTemplate: StepTemplate[] } {
  return {
    status: product.shape.status.parse(row.status),
    certifiedUntil: row.certifiedUntil && day(row.certifiedUntil),
    shelfLifeDays: row.shelfLifeDays,
    processTemplate: processTemplate.parse(row.processTemplate),
  };
}

export function ownerOf({ organisation }: Pick<BatchRow, 'organisation'>): Owner {
  return { organisationId: organisation.id, country: country.parse(organisation.country) };
}

/**
 * A batch with its product and organisation.
 * @throws {AppError} `not-found`
 */
export async function findBatch(tx: Tx, id: string): Promise<BatchRow> {
  const row = await tx.batch.findUnique({ where: { id }, include: { product: true, organisation: true } });
  if (row === null) throw new AppError('not-found', `there is no batch ${id}`);
  return row;
}

/** The same, with the batch locked until the transaction ends: decisions about one batch follow one another. */
export async function lockBatch(tx: Tx, id: string): Promise<BatchRow> {
  await tx.$queryRaw`SELECT id FROM batch WHERE id = ${id}::uuid FOR UPDATE`;
  return findBatch(tx, id);
}

const oneNumber = z.tuple([z.object({ number: z.int() })]);
/** With five digits after the year a lot has eight characters, which is what keeps the QR code small. */
const lastNumber = 99_999;

/**
 * Takes the organisation's next lot of the year of making, past those that were entered by hand for this GTIN.
 * The counter's row stays locked until the transaction ends.
 */
export async function takeLot(tx: Tx, organisationId: string, gtin: string, madeOn: string): Promise<string> {
  const year = Number(madeOn.slice(0, 4));
  const [{ number: next }] = oneNumber.parse(
    await tx.$queryRaw`
      INSERT INTO lot_counter (organisation_id, year, last) VALUES (${organisationId}::uuid, ${year}::int, 1)
      ON CONFLICT (organisation_id, year) DO UPDATE SET last = lot_counter.last + 1 RETURNING last AS number`,
  );
  const [{ number }] = oneNumber.parse(
    await tx.$queryRaw`
      WITH RECURSIVE candidate (number) AS (
        SELECT ${next}::int
        UNION ALL
        SELECT number + 1 FROM candidate WHERE EXISTS (
          SELECT FROM batch WHERE gtin = ${gtin} AND lot = ${madeOn.slice(2, 4)} || '-' ||
            lpad(number::text, greatest(4, length(number::text)), '0'))
      ) SELECT max(number) AS number FROM candidate`,
  );
  if (number > lastNumber) throw new AppError('conflict', `the lots of ${year} are used up; enter a lot of your own`);
  if (number > next) {
    const where = { organisationId_year: { organisationId, year } };
    await tx.lotCounter.update({ where, data: { last: number } });
  }
  return lotNumber(madeOn, number);
}
