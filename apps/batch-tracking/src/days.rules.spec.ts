import { describe, expect, it } from '@jest/globals';
import { addDays, dayIn } from './days.rules.js';

describe('the day in a country', () => {
  it.each([
    ['KG', '2026-10-04T17:59:59.999Z', '2026-10-04'],
    ['KG', '2026-10-04T18:00:00.000Z', '2026-10-05'],
    ['KZ', '2026-10-04T18:59:59.999Z', '2026-10-04'],
    ['KZ', '2026-10-04T19:00:00.000Z', '2026-10-05'],
    ['TJ', '2026-12-31T19:00:00.000Z', '2027-01-01'],
  ] as const)('in %s at %s is %s', (country, moment, day) => {
    expect(dayIn(country, new Date(moment))).toBe(day);
  });
});

describe('adding days', () => {
  it.each([
    ['2026-09-05', 730, '2028-09-04'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-01', 0, '2026-03-01'],
  ])('to %s: %d more is %s', (day, days, sum) => {
    expect(addDays(day, days)).toBe(sum);
  });
});
