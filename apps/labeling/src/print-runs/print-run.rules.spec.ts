import { describe, expect, it } from '@jest/globals';
import { assertAllowance, assertLabelable, attributesOf, certificateInWindow, labelLimit } from './print-run.rules.js';

const now = new Date('2026-10-05T10:00:00Z');
const batch = { lot: 'H1', status: 'released', unitsProduced: 100 };
const product = { gtin: '09520000000011', status: 'certified', certifiedUntil: new Date('2026-10-05') };

describe('the limit of labels', () => {
  it.each([
    [100, 5, 105],
    [101, 5, 107],
    [1, 5, 2],
    [700, 7, 749],
    [100, 0, 100],
    [536, 5, 563],
  ])('of %s units with %s percent spare is %s', (units, percent, limit) => {
    expect(labelLimit(units, percent)).toBe(limit);
  });

  it('may be reached and not passed', () => {
    const ask = (committed: number, count: number) => () =>
      assertAllowance(batch, { committed, count, allowancePercent: 5 });
    expect(ask(55, 50)).not.toThrow();
    expect(ask(55, 51)).toThrow(
      'batch H1 may have 105 labels (100 units and 5 % spare); 55 are signed or being signed, ' +
        'so 50 more can be asked for, not 51',
    );
  });

  it('never says that a negative number can be asked for', () => {
    const ask = () => assertAllowance(batch, { committed: 120, count: 1, allowancePercent: 5 });
    expect(ask).toThrow('so 0 more can be asked for');
  });
});

describe('labels', () => {
  it('are for released batches only', () => {
    expect(() => assertLabelable({ ...batch, status: 'recalled' }, product, now)).toThrow('batch H1 is recalled');
  });
  it('are for certified products only', () => {
    expect(() => assertLabelable(batch, null, now)).toThrow('is not certified');
    expect(() => assertLabelable(batch, { ...product, status: 'suspended' }, now)).toThrow('is not certified');
  });
  it('can be signed on the last day of the certification and not on the next', () => {
    expect(() => assertLabelable(batch, product, now)).not.toThrow();
    const tomorrow = new Date('2026-10-06T00:00:00Z');
    expect(() => assertLabelable(batch, product, tomorrow)).toThrow('ended on 2026-10-05');
  });
  it('carry packaging date, best before and country, and leave out what is not known', () => {
    const days = { packedOn: new Date('2026-09-05'), bestBefore: new Date('2028-09-05') };
    expect(attributesOf(days, 'TJ')).toEqual({ '13': '260905', '15': '280905', '422': '762' });
    expect(attributesOf({ packedOn: null, bestBefore: null }, 'KZ')).toEqual({ '422': '398' });
  });
});

describe('the certificate to sign with', () => {
  const window = (from: string, until: string) => ({ notBefore: new Date(from), signingUntil: new Date(until) });
  const old = window('2025-10-20', '2026-10-20');
  const fresh = window('2026-10-01', '2027-10-01');

  it('is the one that began last of those whose window is open', () => {
    expect(certificateInWindow([old, fresh], now)).toBe(fresh);
    expect(certificateInWindow([fresh, old], new Date('2026-09-30'))).toBe(old);
  });
  it('may sign from the first moment of its window to the last before its end', () => {
    expect(certificateInWindow([fresh], fresh.notBefore)).toBe(fresh);
    expect(() => certificateInWindow([fresh], fresh.signingUntil)).toThrow('no signing window open');
    expect(() => certificateInWindow([fresh], new Date('2026-09-30T23:59:59Z'))).toThrow('no signing window open');
  });
  it('is missing where none was issued yet', () => {
    expect(() => certificateInWindow([], now)).toThrow('has no label-signing certificate yet');
  });
});
