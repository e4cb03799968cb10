import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateGtin, checkDigit, isRestrictedCirculation, isValidGtin, toGtin14 } from './index.js';

describe('GTIN', () => {
  it('knows check digits', () => {
    expect(checkDigit('0952123454321')).toBe(3);
    expect(checkDigit('629104150021')).toBe(3);
    expect(() => checkDigit('12a')).toThrow(RangeError);
    expect(() => checkDigit('')).toThrow(RangeError);
  });

  it('pads GTIN-8, -12 and -13 to 14 digits', () => {
    expect(toGtin14('96385074')).toBe('00000096385074');
    expect(toGtin14('614141123452')).toBe('00614141123452');
    expect(toGtin14('9521234543213')).toBe('09521234543213');
    expect(toGtin14('09521234543213')).toBe('09521234543213');
  });

  it.each(['9521234543214', '952123454321', '', '9521234543213 ', '٩٥٢١٢٣٤٥٤٣٢١٣', '123456789012345'])(
    'refuses %j',
    (text) => {
      expect(isValidGtin(text)).toBe(false);
      expect(() => toGtin14(text)).toThrow(RangeError);
    },
  );

  it('recognises restricted circulation by the GTIN-13 part', () => {
    expect(
      ['02123456789012', '12123456789019', '00212345678909', '00412345678905'].map(isRestrictedCirculation),
    ).toEqual([true, true, true, true]);
    expect(['09521234543213', '00614141123452', '00000096385074'].map(isRestrictedCirculation)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('allocates under a company prefix, and refuses what does not fit', () => {
    expect(allocateGtin('9521234', 54321)).toBe('09521234543213');
    expect(allocateGtin('95212345678', 0)).toMatch(/^0952123456780\d$/);
    expect(() => allocateGtin('9521234', 100_000)).toThrow(/does not fit/);
    expect(() => allocateGtin('9521234', -1)).toThrow(/does not fit/);
    expect(() => allocateGtin('9521234', 1.5)).toThrow(/does not fit/);
    expect(() => allocateGtin('2123456', 1)).toThrow(/restricted/);
    expect(() => allocateGtin('95a', 1)).toThrow(/company prefix/);
  });

  it('makes valid numbers only, and any other last digit is wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 1, max: 9 }), (item, step) => {
        const gtin = allocateGtin('9521234', item);
        const other = (Number(gtin.at(-1)) + step) % 10;
        return isValidGtin(gtin) && !isValidGtin(gtin.slice(0, -1) + other);
      }),
    );
  });
});
