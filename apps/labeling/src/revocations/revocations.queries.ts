import { AppError, type RevocationCause } from '#contracts';
import type { Tx } from '../database.js';
import type { Prisma } from '../generated/prisma/client.js';
import { causeRules, holdingCauses } from './revocation.rules.js';
import { revocation, type Revocation } from './revocation.schemas.js';

export type RevocationRow = Prisma.RevocationGetPayload<object>;

/** The revocation, locked: what happens to it is decided one after the other. */
export async function lockRevocation(tx: Tx, id: string): Promise<RevocationRow> {
  await tx.$executeRaw`SELECT 1 FROM revocation WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.revocation.findUnique({ where: { id } });
  if (row === null) throw new AppError('not-found', `there is no revocation ${id}`);
  return row;
}

/** Locks the organisation: revoking, issuing and asking for labels of one organisation wait for each other. */
export async function lockOrganisation(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM organisation WHERE id = ${id}::uuid FOR UPDATE`;
}

/** Why an organisation has nothing signed at present, or null. */
export async function holdOf(tx: Tx, organisationId: string): Promise<string | null> {
  const found = await tx.revocation.findFirst({
    where: { organisationId, state: 'done', cause: { in: [...holdingCauses] } },
    orderBy: { decidedAt: 'asc' },
  });
  return found?.cause ?? null;
}

/** What a revocation is about, as a condition on certificates. */
function targetOf({ certificateId, organisationId, country }: RevocationRow): Prisma.CertificateWhereInput {
  if (certificateId !== null) return { id: certificateId };
  if (organisationId !== null) return { organisationId, profile: 'label-signer' };
  return { country, profile: 'country-ca' };
}

/** Marks the certificates that a revocation is about and that are in use, and gives them. */
export async function revokeCertificates(tx: Tx, row: RevocationRow, cause: RevocationCause, now: Date) {
  const found = await tx.certificate.findMany({
    where: { ...targetOf(row), issuedAt: { not: null }, revokedAt: null, notAfter: { gt: now } },
    orderBy: { id: 'asc' },
  });
  const ids = found.map(({ id }) => id);
  const data = { revokedAt: now, revokedFor: causeRules[cause].reason };
  await tx.certificate.updateMany({ where: { id: { in: ids }, revokedAt: null }, data });
  return found;
}

/** Stops the runs that sign with these certificates or, for a CA, with what it issued. */
export async function stopRuns(tx: Tx, certificateIds: readonly string[], cause: RevocationCause): Promise<number> {
  return tx.$executeRaw`
    UPDATE print_run SET status = 'stopped', stopped_for = ${cause}
    WHERE status = 'signing' AND certificate_id IN (
      SELECT id FROM certificate
      WHERE id = ANY(${certificateIds}::uuid[]) OR issuer_id = ANY(${certificateIds}::uuid[]))`;
}

/** The shape of the answer from a row. */
export function toRevocation(row: RevocationRow): Revocation {
  return revocation.parse({
    ...row,
    proposedAt: row.proposedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    liftedAt: row.liftedAt?.toISOString() ?? null,
  });
}
