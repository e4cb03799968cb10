import {
  AppError,
  certification as certificationSchema,
  product as productSchema,
  type Certification,
  type Product,
} from '#contracts';
import type { Tx } from '../database.js';
import { toDecision, toOrganisation } from '../organisations/organisations.queries.js';
import type { ProductAnswer } from './product.schemas.js';

/** The shape of the contract from a row of the table. */
export const toProduct = (row: object): Product => productSchema.parse(row);

type CertificateRow = Parameters<typeof toDecision>[0] & { number: string; validUntil: Date };

export const toCertification = (row: CertificateRow): Certification =>
  certificationSchema.parse({
    ...toDecision(row),
    number: row.number,
    validUntil: row.validUntil.toISOString().slice(0, 10),
  });

export function toProductAnswer(row: { organisation: object; certificate: CertificateRow | null }): ProductAnswer {
  const { id, code, names, country, status } = toOrganisation(row.organisation);
  return {
    ...toProduct(row),
    organisation: { id, code, names, country, status },
    certification: row.certificate === null ? null : toCertification(row.certificate),
  };
}

/**
 * Locks the product until the transaction ends, then reads it.
 * @throws {AppError} `not-found`
 */
export async function lockProduct(tx: Tx, id: string): Promise<Product> {
  await tx.$executeRaw`SELECT 1 FROM product WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.product.findUnique({ where: { id } });
  if (row === null) throw new AppError('not-found', `there is no product ${id}`);
  return toProduct(row);
}
