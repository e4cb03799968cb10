import { describe, expect, it } from '@jest/globals';
import {
  authoritySubject,
  dayOf,
  isSignerEnding,
  isStale,
  monthsAfter,
  neededWindow,
  producerScope,
  producerSubject,
  type Producer,
} from './certificate.rules.js';

const producer: Producer = {
  ...{ code: 'P07', names: { en: 'Felt group', ky: 'Кийиз тобу' }, publicName: true, country: 'KG' },
  ...{ gtinPrefix: '9520007', village: { en: 'Barskoon' } },
};

describe('days and months', () => {
  it('begin a certificate at the first moment of its day', () => {
    expect(dayOf(new Date('2026-10-05T23:59:59.999Z')).toISOString()).toBe('2026-10-05T00:00:00.000Z');
  });
  it.each([
    ['2026-10-05', 12, '2027-10-05'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2028-02-29', 12, '2029-02-28'],
  ])('from %s %s months later it is %s', (from, months, to) => {
    expect(monthsAfter(new Date(from), months)).toEqual(new Date(to));
  });
});

describe('a subject', () => {
  it('names a producer by code, name, village and country, and says when it is a demonstration', () => {
    expect(producerSubject(producer, true)).toEqual({
      ...{ commonName: 'Labels of P07 (demo, not for trade)', organisationalUnit: 'P07', organisation: 'Felt group' },
      ...{ locality: 'Barskoon', country: 'KG' },
    });
    expect(producerSubject(producer, false).commonName).toBe('Labels of P07');
    expect(authoritySubject('OVOP Root CA', 'KG', true).commonName).toBe('OVOP Root CA (demo, not for trade)');
  });
  it('says the code in place of a name that its owner does not want in public', () => {
    expect(producerSubject({ ...producer, publicName: false }, false).organisation).toBe('P07');
  });
  it('is cut to the lengths that RFC 5280 allows, counted in characters', () => {
    const long = producerSubject(
      { ...producer, names: { ky: 'ң'.repeat(100) }, village: { ky: 'ө'.repeat(200) } },
      false,
    );
    expect([...long.organisation]).toHaveLength(64);
    expect([...(long.locality ?? '')]).toHaveLength(128);
  });
});

it('a scope allows the country, the own prefix and the host, for this producer', () => {
  expect(producerScope(producer, 'ovop.example')).toEqual({
    ...{ country: '417', gtinPrefixes: ['9520007'], hosts: ['ovop.example'], producerId: 'P07' },
  });
});

describe('the signing window that is needed', () => {
  const now = new Date('2026-10-05T10:00:00Z');
  const last = (signingUntil: string, issued = true, revoked = false) => ({
    ...{ window: 3, issued, revoked },
    signingUntil: new Date(signingUntil),
  });
  it('is the first where there is none', () => expect(neededWindow(null, now)).toBe(1));
  it('is none while the last lasts', () => expect(neededWindow(last('2026-11-04T10:00:00Z'), now)).toBeNull());
  it('is the next from 30 days before its end', () => {
    expect(neededWindow(last('2026-11-04T09:59:59Z'), now)).toBe(4);
    expect(neededWindow(last('2026-01-01'), now)).toBe(4);
  });
  it('is the next at once when the last is revoked', () => {
    expect(neededWindow(last('2027-10-05', true, true), now)).toBe(4);
  });
  it('is the same again when a crash kept it from being signed', () => {
    expect(neededWindow(last('2027-10-05', false), now)).toBe(3);
  });
});

describe('renewal', () => {
  const made = new Date('2026-10-05T00:00:00Z');
  it('is due for lists and bundles of 20 days', () => {
    expect(isStale(made, new Date('2026-10-24T23:59:59Z'))).toBe(false);
    expect(isStale(made, new Date('2026-10-25T00:00:00Z'))).toBe(true);
  });
  it("is due for the bundle's signer 60 days before its end", () => {
    expect(isSignerEnding(new Date('2026-12-04'), made)).toBe(false);
    expect(isSignerEnding(new Date('2026-12-03'), made)).toBe(true);
  });
});
