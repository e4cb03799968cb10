import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, invalid, stepFacts, StepCorrected, StepRecorded, type Step, type StepFacts } from '#contracts';
import { CLOCK, newId, publish, type Clock, type Principal } from '#platform';
import { assertMayAct } from '../access.js';
import { lockBatch, ownerOf, toBatch, toProduct, type BatchRow } from '../batches/batches.queries.js';
import { Database, type Tx } from '../database.js';
import { assertPlaceKnown } from '../register/register.queries.js';
import { assertFacts, assertMayCorrect, assertMayRecord, type StepContext } from './step.rules.js';
import type { CorrectStep, RecordStep, StepDetail } from './step.schemas.js';
import { toStep, toStepDetail, withCorrections, type StepRow } from './steps.queries.js';

@Injectable()
export class StepsService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Records a step of an open batch. A step that comes again under its own id, as from a phone that missed the
   * answer, is answered as it stands and changes nothing.
   */
  async record(actor: Principal, batchId: string, { id, ...facts }: RecordStep): Promise<Step> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const batch = await lockBatch(tx, batchId);
      assertMayAct(actor, ownerOf(batch));
      const earlier = id === undefined ? null : await tx.step.findUnique({ where: { id }, ...withCorrections });
      if (earlier !== null) return sentAgain(earlier, batchId, facts);
      assertMayRecord(toBatch(batch), await tx.step.count({ where: { batchId } }));
      const { code } = assertFacts(facts, contextOf(batch, now));
      await assertPlaceKnown(tx, facts.placeId, 'placeId');
      const row = await tx.step.create({
        data: { id: id ?? newId(now), batchId, code, ...columnsOf(facts), recordedBy: actor.id, recordedAt: now },
        ...withCorrections,
      });
      const step = toStep(row);
      await publish(tx, StepRecorded, batchId, { batchId, step }, now);
      return step;
    });
  }

  /** Replaces the facts of a step and keeps the earlier ones with who replaced them, when and why. */
  async correct(actor: Principal, stepId: string, { facts, reason }: CorrectStep): Promise<StepDetail> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const { batch, step } = await lockStep(tx, stepId);
      assertMayAct(actor, ownerOf(batch));
      const previous = stepFacts.parse(step.facts);
      assertMayCorrect(toBatch(batch), previous, facts, step.corrections.length);
      if (isDeepStrictEqual(previous, facts)) throw invalid('facts', 'are the same as those on record');
      const { code } = assertFacts(facts, contextOf(batch, now), 'facts.');
      await assertPlaceKnown(tx, facts.placeId, 'facts.placeId');
      await tx.correction.create({
        data: {
          stepId,
          number: step.corrections.length + 1,
          previous,
          reason,
          correctedBy: actor.id,
          correctedAt: now,
        },
      });
      const row = await tx.step.update({
        where: { id: stepId },
        data: { code, ...columnsOf(facts) },
        ...withCorrections,
      });
      const event = { batchId: batch.id, step: toStep(row), previous, reason, correctedBy: actor.id };
      await publish(tx, StepCorrected, batch.id, event, now);
      return toStepDetail(row);
    });
  }
}

/** A step with its batch, which is locked: the step's own row changes under that lock only. */
async function lockStep(tx: Tx, id: string): Promise<{ batch: BatchRow; step: StepRow }> {
  const found = await tx.step.findUnique({ where: { id }, select: { batchId: true } });
  if (found === null) throw new AppError('not-found', `there is no step ${id}`);
  const batch = await lockBatch(tx, found.batchId);
  return { batch, step: await tx.step.findUniqueOrThrow({ where: { id }, ...withCorrections }) };
}

function sentAgain(earlier: StepRow, batchId: string, facts: StepFacts): Step {
  if (earlier.batchId !== batchId) throw new AppError('conflict', `step ${earlier.id} belongs to another batch`);
  const first = earlier.corrections[0]?.previous ?? earlier.facts;
  if (!isDeepStrictEqual(stepFacts.parse(first), facts))
    throw new AppError('conflict', `step ${earlier.id} is on record with other facts; correct it instead`);
  return toStep(earlier);
}

function contextOf(batch: BatchRow, now: Date): StepContext {
  return { template: toProduct(batch.product).processTemplate, madeOn: toBatch(batch).madeOn, now };
}

function columnsOf(facts: StepFacts) {
  return { sequence: facts.sequence, startedAt: new Date(facts.startedAt), facts };
}
