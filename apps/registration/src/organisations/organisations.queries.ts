import {
  AppError,
  decision as decisionSchema,
  invalid,
  organisation as organisationSchema,
  type Organisation,
} from '#contracts';
import type { z } from 'zod';
import type { Tx } from '../database.js';
import { ancestorsOf, toPlace } from '../places/places.queries.js';
import type { OrganisationAnswer } from './organisation.schemas.js';

export type Decision = z.infer<typeof decisionSchema>;

type DecisionRow = { committeeId: string; committeeNames: unknown; decidedAt: Date };
type AnswerRow = { placeId: string; place: Parameters<typeof toPlace>[0]; approval: DecisionRow | null };

/** The shape of the contract from a row of the table. */
export const toOrganisation = (row: object): Organisation => organisationSchema.parse(row);

/** The decision as the contract has it, from a row that keeps one. */
export const toDecision = (row: DecisionRow): Decision =>
  decisionSchema.parse({ ...row, decidedAt: row.decidedAt.toISOString() });

/** The decision that a committee takes now. */
export const decisionOf = (committee: Organisation, now: Date): Decision => ({
  committeeId: committee.id,
  committeeNames: committee.names,
  decidedAt: now.toISOString(),
});

/** The answers for rows with their place and approval; the parents of all places come with one query. */
export async function toOrganisationAnswers(tx: Tx, rows: AnswerRow[]): Promise<OrganisationAnswer[]> {
  const paths = await ancestorsOf(
    tx,
    rows.map(({ placeId }) => placeId),
  );
  return rows.map((row) => {
    const { id, level, names, code } = toPlace(row.place);
    return {
      ...toOrganisation(row),
      place: { id, level, names, code, path: paths.get(id) ?? [] },
      approval: row.approval === null ? null : toDecision(row.approval),
    };
  });
}

/** @throws {AppError} `not-found` */
export async function findOrganisation(tx: Tx, id: string): Promise<Organisation> {
  const row = await tx.organisation.findUnique({ where: { id } });
  if (row === null) throw new AppError('not-found', `there is no organisation ${id}`);
  return toOrganisation(row);
}

/** The organisation that a field of a request names. */
export async function namedOrganisation(tx: Tx, field: string, id: string): Promise<Organisation> {
  const row = await tx.organisation.findUnique({ where: { id } });
  if (row === null) throw invalid(field, `there is no organisation ${id}`);
  return toOrganisation(row);
}

/** Locks the organisation until the transaction ends; to be called before its state is read. */
export async function lockOrganisation(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM organisation WHERE id = ${id}::uuid FOR UPDATE`;
}

/** Keeps the organisation as it is until the transaction ends, while others may do the same. */
export async function holdOrganisation(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM organisation WHERE id = ${id}::uuid FOR SHARE`;
}
