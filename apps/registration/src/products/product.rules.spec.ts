import { describe, expect, it } from '@jest/globals';
import type { Organisation, Product, StepTemplate } from '#contracts';
import {
  assertChangeable,
  assertInOrder,
  assertMayHaveProducts,
  certificateNumber,
  certify,
  lastDay,
  nextGtin,
  ownGtin,
} from './product.rules.js';

const producer: Organisation = {
  id: 'o1',
  code: 'P-000001',
  kind: 'producer',
  legalForm: 'cooperative',
  names: { en: 'Honey' },
  country: 'KG',
  placeId: 'v1',
  status: 'approved',
  gtinPrefix: '95200001',
  publicName: true,
};
const committee: Organisation = { ...producer, id: 'c1', code: 'C-000001', kind: 'committee', gtinPrefix: null };
const honey: Product = {
  id: 'p1',
  organisationId: 'o1',
  gtin: '09520000100018',
  names: { en: 'Honey' },
  category: 'honey',
  hsCode: '040900',
  salesUnit: 'jar',
  netContent: {
    value: 250,
    unit: 'GRM',
  },
  shelfLifeDays: null,
  processTemplate: [],
  status: 'registered',
};
const steps = (...sequences: number[]): StepTemplate[] =>
  sequences.map((sequence) => ({ sequence, code: 'WASH', names: { en: 'Wash' }, measurements: [], isPublic: true }));

describe('a process template', () => {
  it('counts 1 to n in order', () => {
    expect(() => assertInOrder(steps(1, 2, 3))).not.toThrow();
    expect(() => assertInOrder(steps(2, 1))).toThrow('processTemplate.0.sequence');
    expect(() => assertInOrder(steps(1, 1))).toThrow('processTemplate.1.sequence');
    expect(() => assertInOrder(steps(1, 2, 4))).toThrow('processTemplate.2.sequence');
  });
});

describe('a GTIN', () => {
  it('is the prefix, four digits of item reference and the check digit', () => {
    expect(nextGtin('95200001', 0)).toEqual({ gtin: '09520000100018', itemReference: 1 });
    expect(nextGtin('95200001', 9998).gtin.slice(0, 13)).toBe('0952000019999');
  });

  it('is refused when the prefix is used up', () => {
    expect(() => nextGtin('95200001', 9999)).toThrow('no item reference left');
  });

  it('of the organisation’s own may have any length but neither a wrong check digit nor a restricted prefix', () => {
    expect(ownGtin('96385074', '952')).toBe('00000096385074');
    expect(ownGtin('4006381333931', '952')).toBe('04006381333931');
    expect(() => ownGtin('4006381333930', '952')).toThrow('check digit');
    expect(() => ownGtin('40063813339', '952')).toThrow('gtin');
    for (const restricted of ['0200000000004', '0400000000008', '2000000000008'])
      expect(() => ownGtin(restricted, '952')).toThrow('restricted');
    expect(() => ownGtin('9520000100018', '952')).toThrow('allocated by the register');
  });
});

describe('an organisation with products', () => {
  it('is a producer that is neither suspended nor closed', () => {
    expect(() => assertMayHaveProducts({ ...producer, status: 'registered' })).not.toThrow();
    expect(() => assertMayHaveProducts(committee)).toThrow('organisationId');
    expect(() => assertMayHaveProducts({ ...producer, status: 'suspended' })).toThrow('is suspended');
  });
});

describe('a certification', () => {
  it('needs a registered product of an approved organisation', () => {
    const certified = certify(honey, producer, committee);
    expect(certified).toEqual({ ...honey, status: 'certified' });
    expect(() => certify(certified, producer, committee)).toThrow('is certified already');
    expect(() => certify(honey, { ...producer, status: 'registered' }, committee)).toThrow('must be approved first');
    expect(() => certify(honey, producer, { ...committee, country: 'TJ' })).toThrow('decides in TJ');
    expect(() => assertChangeable(certified)).toThrow('cannot be changed');
  });

  it('has a number of country, year and six digits', () => {
    expect(certificateNumber('KG', 2026, 1)).toBe('KG-2026-000001');
  });

  it('lasts three years unless a day within ten years is given', () => {
    const now = new Date('2028-02-29T23:00:00Z');
    expect(lastDay(undefined, now)).toBe('2031-03-01');
    expect(lastDay('2028-03-01', now)).toBe('2028-03-01');
    expect(() => lastDay('2028-02-29', now)).toThrow('future');
    expect(() => lastDay('2038-03-02', now)).toThrow('10 years');
  });
});
