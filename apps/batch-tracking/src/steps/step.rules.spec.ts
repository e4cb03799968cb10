import { describe, expect, it } from '@jest/globals';
import { AppError, type StepFacts } from '#contracts';
import { facts as validFacts, feltProcess } from '../../test/register.js';
import {
  assertFacts,
  assertMayCorrect,
  assertMayRecord,
  mostCorrectionsOfAStep,
  mostStepsOfABatch,
} from './step.rules.js';

type Measurement = StepFacts['measurements'][number];
const context = { template: feltProcess, madeOn: '2026-09-20', now: new Date('2026-10-05T00:00:00Z') };
const facts = (change: Partial<StepFacts> = {}): StepFacts =>
  validFacts('0192f6a0-0000-7000-8000-000000000001', change);

/** The field and the code of the error that `decide` throws, or undefined when it allows. */
function refusal(decide: () => unknown): { code: string; field: string | undefined; message: string } | undefined {
  try {
    decide();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, field: error.faults[0]?.field, message: error.message };
  }
}

describe('the sequence of a step', () => {
  it('finds the step of the process that it is about', () => {
    expect(assertFacts(facts({ sequence: 2 }), context).code).toBe('FELTING');
  });

  it.each([4, 99])('is refused when the process has no step %d', (sequence) => {
    expect(refusal(() => assertFacts(facts({ sequence }), context))).toEqual({
      code: 'invalid',
      field: 'sequence',
      message: `sequence: the product's process has no step ${sequence}; it has 1, 2, 3`,
    });
  });
});

describe('the times of a step', () => {
  it.each([
    ['ended at the moment it started', { endedAt: '2026-09-20T09:00:00+06:00' }],
    ['still going on', { endedAt: null }],
    ['over in another offset of the same clock', { endedAt: '2026-09-20T03:00:01Z' }],
    ['started by a clock five minutes fast', { startedAt: '2026-10-05T00:05:00Z', endedAt: null }],
    ['ended by a clock five minutes fast', { endedAt: '2026-10-05T00:05:00Z' }],
    ['of wool that was shorn three years before', { startedAt: '2023-09-18T00:00:00Z' }],
    ['later than the day of making', { startedAt: '2026-10-01T00:00:00Z', endedAt: null }],
  ])('may be %s', (_name, change) => {
    expect(refusal(() => assertFacts(facts(change), context))).toBeUndefined();
  });

  it.each([
    ['startedAt', 'in the future', { startedAt: '2026-10-05T00:05:00.001Z', endedAt: null }],
    ['startedAt', 'of a year that was mistyped', { startedAt: '2016-09-20T09:00:00+06:00' }],
    ['startedAt', 'of a phone without a clock', { startedAt: '1970-01-01T00:00:00Z' }],
    ['endedAt', 'before its start', { endedAt: '2026-09-20T08:59:59+06:00' }],
    ['endedAt', 'before its start by another offset', { endedAt: '2026-09-20T12:00:00+12:00' }],
    ['endedAt', 'in the future', { endedAt: '2026-10-05T00:05:00.001Z' }],
  ])('are refused by naming %s when it is %s', (field, _name, change) => {
    expect(refusal(() => assertFacts(facts(change), context))).toMatchObject({ code: 'invalid', field });
  });
});

describe('the measurements of a step', () => {
  const measured = (...measurements: Measurement[]) => facts({ sequence: 2, measurements });

  it.each([
    ['a number in the unit of the process', { name: 'water temperature', value: 55, unit: 'Cel' }],
    ['a text in place of the number', { name: 'water temperature', value: 'hand-warm', unit: null }],
    ['a text with the unit', { name: 'water temperature', value: '50 to 60', unit: 'Cel' }],
    ['a number that the process does not name', { name: 'strokes', value: 400, unit: null }],
    ['a number of any unit that the process does not name', { name: 'soap', value: 2, unit: 'kg' }],
  ])('may hold %s', (_name, measurement) => {
    expect(refusal(() => assertFacts(measured(measurement), context))).toBeUndefined();
  });

  it.each([
    ['another unit', { name: 'water temperature', value: 131, unit: '[degF]' }, 'is measured in Cel, not [degF]'],
    ['no unit', { name: 'water temperature', value: 55, unit: null }, 'is measured in Cel, not nothing'],
    ['a text in another unit', { name: 'water temperature', value: 'hot', unit: 'K' }, 'is measured in Cel, not K'],
  ])('are refused with %s, naming the place', (_name, wrong, message) => {
    const other: Measurement = { name: 'soap', value: 2, unit: 'kg' };
    expect(refusal(() => assertFacts(measured(other, wrong), context, 'facts.'))).toMatchObject({
      ...{ code: 'invalid', field: 'facts.measurements.1.unit', message: expect.stringContaining(message) },
    });
  });
});

describe('recording a step', () => {
  it.each([
    ['open', 0, undefined],
    ['open', mostStepsOfABatch - 1, undefined],
    ['open', mostStepsOfABatch, /500 steps/],
    ['released', 1, /is released/],
    ['recalled', 1, /is recalled/],
  ] as const)('in a batch that is %s and has %d', (status, recorded, message) => {
    const refused = refusal(() => assertMayRecord({ status }, recorded));
    if (message === undefined) expect(refused).toBeUndefined();
    else expect(refused).toMatchObject({ code: 'conflict', message: expect.stringMatching(message) });
  });
});

describe('correcting a step', () => {
  it.each([
    ['open', 2, 0, undefined],
    ['open', 1, mostCorrectionsOfAStep - 1, undefined],
    ['open', 1, mostCorrectionsOfAStep, /corrected 20 times/],
    ['released', 1, 0, undefined],
    ['released', 2, 0, /stays under sequence 1/],
    ['recalled', 1, 0, /evidence/],
  ] as const)('of a batch that is %s, to sequence %d, after %d corrections', (status, sequence, earlier, message) => {
    const refused = refusal(() => assertMayCorrect({ status }, facts(), facts({ sequence }), earlier));
    if (message === undefined) expect(refused).toBeUndefined();
    else expect(refused).toMatchObject({ code: 'conflict', message: expect.stringMatching(message) });
  });
});
