import { AppError, invalid, type Batch, type StepFacts, type StepTemplate } from '#contracts';
import { addDays } from '../days.rules.js';

/** Phones' clocks are wrong by minutes. */
const clockSkewMilliseconds = 5 * 60 * 1000;
/** Wool and dried fruit wait for seasons before they are used; further back a year was mistyped. */
const earliestDaysBeforeMaking = 3 * 366;
/** Bounds of what one batch can grow to: a carpet is woven for months, day by day. */
export const mostStepsOfABatch = 500;
export const mostCorrectionsOfAStep = 20;

/** What facts are checked against. */
export interface StepContext {
  template: readonly StepTemplate[];
  madeOn: string;
  now: Date;
}

/**
 * Checks the facts of a step and finds the template's step that they are about.
 * @param prefix where the facts stand in the request, for the field names of faults: '' or `facts.`
 * @throws {AppError} `invalid` naming the field
 */
export function assertFacts(facts: StepFacts, context: StepContext, prefix = ''): StepTemplate {
  const template = context.template.find(({ sequence }) => sequence === facts.sequence);
  if (template === undefined) {
    const known = context.template.map(({ sequence }) => sequence).join(', ');
    throw invalid(`${prefix}sequence`, `the product's process has no step ${facts.sequence}; it has ${known}`);
  }
  assertTimes(facts, context, prefix);
  assertUnits(facts, template, prefix);
  return template;
}

/** @throws {AppError} `conflict` unless the batch is open and has room for one more step */
export function assertMayRecord({ status }: Pick<Batch, 'status'>, recorded: number): void {
  if (status !== 'open') throw new AppError('conflict', `the batch is ${status}: no more steps can be recorded`);
  if (recorded >= mostStepsOfABatch)
    throw new AppError('conflict', `the batch has ${mostStepsOfABatch} steps, which is the most that one can have`);
}

/**
 * Decides whether facts may be corrected. A released batch stays open to it, because a wrong record helps nobody, but
 * its steps keep their sequence, or a step of the process could go missing. A recalled batch's record is evidence.
 * @throws {AppError} `conflict`
 */
export function assertMayCorrect(
  { status }: Pick<Batch, 'status'>,
  current: StepFacts,
  corrected: StepFacts,
  earlierCorrections: number,
): void {
  if (status === 'recalled')
    throw new AppError('conflict', 'the batch is recalled: its record is evidence and stays as it is');
  if (status === 'released' && current.sequence !== corrected.sequence)
    throw new AppError('conflict', `the batch is released: the step stays under sequence ${current.sequence}`);
  if (earlierCorrections >= mostCorrectionsOfAStep)
    throw new AppError('conflict', `the step was corrected ${mostCorrectionsOfAStep} times, which is the most`);
}

function assertTimes({ startedAt, endedAt }: StepFacts, { madeOn, now }: StepContext, prefix: string): void {
  const latest = now.getTime() + clockSkewMilliseconds;
  if (Date.parse(startedAt) > latest) throw invalid(`${prefix}startedAt`, 'must not be in the future');
  const earliest = addDays(madeOn, -earliestDaysBeforeMaking);
  if (Date.parse(startedAt) < Date.parse(earliest))
    throw invalid(`${prefix}startedAt`, `must not be before ${earliest}: the batch was made on ${madeOn}`);
  if (endedAt === null) return;
  if (Date.parse(endedAt) < Date.parse(startedAt)) throw invalid(`${prefix}endedAt`, 'must not be before startedAt');
  if (Date.parse(endedAt) > latest) throw invalid(`${prefix}endedAt`, 'must not be in the future');
}

/** What the template does not name may be measured in anything; a text in place of a number needs no unit. */
function assertUnits({ measurements }: StepFacts, template: StepTemplate, prefix: string): void {
  for (const [index, { name, value, unit }] of measurements.entries()) {
    const expected = template.measurements.find((known) => known.name === name)?.unit ?? null;
    if (expected === null || unit === expected) continue;
    if (unit === null && typeof value === 'string') continue;
    throw invalid(
      `${prefix}measurements.${index}.unit`,
      `${name} is measured in ${expected}, not ${unit ?? 'nothing'}`,
    );
  }
}
