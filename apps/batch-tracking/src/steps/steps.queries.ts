import { stepFacts, type Step } from '#contracts';
import type { Prisma } from '../generated/prisma/client.js';
import type { StepDetail } from './step.schemas.js';

/** What a step is read with; corrections come oldest first. */
export const withCorrections = {
  include: { corrections: { orderBy: { number: 'asc' } } },
} as const satisfies Prisma.StepDefaultArgs;
export type StepRow = Prisma.StepGetPayload<typeof withCorrections>;

/** The template's order, then time: several records of one step stand together. */
export const stepOrder = [
  { sequence: 'asc' },
  { startedAt: 'asc' },
  { id: 'asc' },
] as const satisfies Prisma.StepOrderByWithRelationInput[];

/** The shape of the contract from a row. */
export function toStep(row: StepRow): Step {
  return {
    ...stepFacts.parse(row.facts),
    id: row.id,
    code: row.code,
    recordedBy: row.recordedBy,
    recordedAt: row.recordedAt.toISOString(),
    corrected: row.corrections.length > 0,
  };
}

export function toStepDetail(row: StepRow): StepDetail {
  return {
    ...toStep(row),
    corrections: row.corrections.map(({ previous, reason, correctedBy, correctedAt }) => ({
      previous: stepFacts.parse(previous),
      ...{ reason, correctedBy, correctedAt: correctedAt.toISOString() },
    })),
  };
}
