import { describe, expect, it } from '@jest/globals';
import { AppError, type Batch, type FieldFault } from '#contracts';
import { assertMayOpen, assertMayRecall, lotNumber, release, type BatchProduct } from './batch.rules.js';

const today = '2026-10-05';
const product = (change: Partial<BatchProduct> = {}): BatchProduct => ({
  ...{ status: 'certified', certifiedUntil: '2029-08-01', shelfLifeDays: null },
  processTemplate: [
    { sequence: 1, code: 'SORT' },
    { sequence: 2, code: 'FELTING' },
  ],
  ...change,
});

/** The error that `decide` throws, as far as a client sees it. */
function refusal(decide: () => unknown): { code: string; message: string; faults: readonly FieldFault[] } {
  try {
    decide();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, faults: error.faults };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('opening a batch', () => {
  it.each([
    ['made today', product(), today],
    ['made a year ago', product(), '2025-10-05'],
    ['made on the last day of the certification', product({ certifiedUntil: today }), today],
  ])('is allowed when %s', (_name, of, madeOn) => {
    expect(() => assertMayOpen('approved', of, madeOn, today)).not.toThrow();
  });

  it.each(['2026-10-06', '2016-09-20', '0001-01-01'])('is refused when made on %s', (madeOn) => {
    expect(refusal(() => assertMayOpen('approved', product(), madeOn, today))).toMatchObject({
      ...{ code: 'invalid', faults: [{ field: 'madeOn' }] },
    });
  });

  it.each([
    ['an uncertified product', 'approved', product({ status: 'registered', certifiedUntil: null }), /not certified/],
    ['a suspended product', 'approved', product({ status: 'suspended' }), /product is suspended/],
    ['a withdrawn product', 'approved', product({ status: 'withdrawn' }), /product is withdrawn/],
    ['a certification that ended yesterday', 'approved', product({ certifiedUntil: '2026-10-04' }), /2026-10-04/],
    ['a certification without an end', 'approved', product({ certifiedUntil: null }), /unknown day/],
    ['a suspended organisation', 'suspended', product(), /organisation is suspended/],
    ['a closed organisation', 'closed', product(), /organisation is closed/],
  ])('is refused for %s', (_name, organisationStatus, of, message) => {
    const refused = refusal(() => assertMayOpen(organisationStatus, of, '2026-09-01', today));
    expect(refused.code).toBe('conflict');
    expect(refused.message).toMatch(message);
  });
});

describe('the number of a lot', () => {
  it.each([
    ['2026-09-20', 1, '26-0001'],
    ['2007-01-01', 9999, '07-9999'],
    ['2026-09-20', 99_999, '26-99999'],
  ])('made on %s, the %dth, is %s', (madeOn, nth, lot) => {
    expect(lotNumber(madeOn, nth)).toBe(lot);
    expect(lot.length).toBeLessThanOrEqual(8);
  });
});

describe('releasing a batch', () => {
  const open: Pick<Batch, 'status' | 'madeOn'> = { status: 'open', madeOn: '2026-09-20' };
  const input = { unitsProduced: 316, packedOn: '2026-10-01' };
  const decide = (change: { bestBefore?: string; packedOn?: string } = {}, of = product(), recorded = [1, 2]) =>
    release(open, of, recorded, { ...input, ...change }, today);

  it('keeps count and day, with no best-before date where the product has no shelf life', () => {
    expect(decide()).toEqual({ ...input, bestBefore: null });
  });

  it.each([
    [14, '2026-10-15'],
    [730, '2028-09-30'],
    [36_500, '2126-09-07'],
  ])('adds a shelf life of %d days to the day of packing', (shelfLifeDays, bestBefore) => {
    expect(decide({}, product({ shelfLifeDays })).bestBefore).toBe(bestBefore);
  });

  it.each([
    ['two calendar years of a shelf life of 730 days', '2028-10-01', 730],
    ['the day of packing', '2026-10-01', 14],
    ['any day where there is no shelf life', '2060-01-01', null],
  ])('takes a best-before date of %s', (_name, bestBefore, shelfLifeDays) => {
    expect(decide({ bestBefore }, product({ shelfLifeDays })).bestBefore).toBe(bestBefore);
  });

  it.each([
    ['before packing', '2026-09-30', 730, /before packing, on 2026-10-01/],
    ['past the shelf life', '2028-10-03', 730, /after 2028-10-02: the product is certified for 730 days/],
    ['so far ahead that AI (15) would be misread', '2080-01-01', null, /must not be after 2075-/],
    ['so far ahead, with a shelf life of a century', '2080-01-01', 36_500, /must not be after 2075-/],
  ])('refuses a best-before date %s', (_name, bestBefore, shelfLifeDays, message) => {
    const refused = refusal(() => decide({ bestBefore }, product({ shelfLifeDays })));
    expect(refused).toMatchObject({ code: 'invalid', faults: [{ field: 'bestBefore' }] });
    expect(refused.message).toMatch(message);
  });

  it.each([
    ['2026-09-20', true],
    ['2026-10-05', true],
    ['2026-09-19', false],
    ['2026-10-06', false],
  ])('packed on %s is allowed: %s', (packedOn, allowed) => {
    if (allowed) expect(decide({ packedOn }).packedOn).toBe(packedOn);
    else expect(refusal(() => decide({ packedOn }))).toMatchObject({ faults: [{ field: 'packedOn' }] });
  });

  it('names every step of the process that is not recorded', () => {
    expect(refusal(() => decide({}, product(), []))).toEqual({
      code: 'conflict',
      message: 'these steps of the process are not recorded: 1 SORT, 2 FELTING',
      faults: [
        { field: 'steps.1', message: 'SORT is not recorded' },
        { field: 'steps.2', message: 'FELTING is not recorded' },
      ],
    });
  });

  it.each(['released', 'recalled'] as const)('is refused when the batch is already %s', (status) => {
    const refused = refusal(() => release({ ...open, status }, product(), [1, 2], input, today));
    expect(refused).toMatchObject({ code: 'conflict', message: `the batch is already ${status}` });
  });

  it('is refused when the product has lost its certification since', () => {
    expect(refusal(() => decide({}, product({ status: 'withdrawn' }))).message).toBe('the product is withdrawn');
  });

  it('is allowed when the certification has run out since the batch was opened', () => {
    expect(() => decide({}, product({ certifiedUntil: '2026-10-01' }))).not.toThrow();
  });
});

describe('recalling a batch', () => {
  it.each([
    ['open', /still open/],
    ['recalled', /already recalled/],
  ] as const)('is refused when it is %s', (status, message) => {
    expect(refusal(() => assertMayRecall({ status })).message).toMatch(message);
  });

  it('is allowed when it is released', () => {
    expect(() => assertMayRecall({ status: 'released' })).not.toThrow();
  });
});
