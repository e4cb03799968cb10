import { describe, expect, it } from '@jest/globals';
import { AppError, type ErrorCode } from '#contracts';
import {
  assertCountry,
  assertDecides,
  assertWithin,
  decidingCommittee,
  limitsOf,
  type Acting,
} from './access.rules.js';

const actor = (change: Partial<Acting>): Acting => ({
  role: 'officer',
  organisationId: null,
  country: null,
  ...change,
});
const own = actor({ role: 'producer', organisationId: 'o1', country: 'KG' });

function codeOf(work: () => unknown): ErrorCode | 'passed' {
  try {
    work();
    return 'passed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('who may see and change what', () => {
  it('limits officers, committees and inspectors to their country', () => {
    for (const role of ['officer', 'committee', 'inspector'] as const) {
      expect(codeOf(() => assertCountry(actor({ role, country: 'KG' }), 'KZ'))).toBe('forbidden');
      expect(codeOf(() => assertCountry(actor({ role, country: 'KG' }), 'KG'))).toBe('passed');
      expect(codeOf(() => assertCountry(actor({ role, country: null }), 'KZ'))).toBe('passed');
    }
  });

  it('never limits administrators', () => {
    const admin = actor({ role: 'administrator', country: 'KG' });
    expect(codeOf(() => assertWithin(admin, { organisationId: 'o2', country: 'TJ' }))).toBe('passed');
    expect(limitsOf(admin, {})).toEqual({});
  });

  it('limits producers to their own organisation', () => {
    expect(codeOf(() => assertWithin(own, { organisationId: 'o1', country: 'KG' }))).toBe('passed');
    expect(codeOf(() => assertWithin(own, { organisationId: 'o2', country: 'KG' }))).toBe('forbidden');
    expect(codeOf(() => assertWithin({ ...own, organisationId: null }, { organisationId: 'o2', country: 'KG' }))).toBe(
      'forbidden',
    );
  });

  it('makes lists obey the same limits', () => {
    expect(limitsOf(own, {})).toEqual({ organisationId: 'o1' });
    expect(limitsOf(actor({ country: 'KG' }), {})).toEqual({ country: 'KG' });
    expect(limitsOf(actor({ country: null }), { country: 'TJ' })).toEqual({ country: 'TJ' });
    expect(limitsOf(actor({ country: 'KG' }), { organisationId: 'o2' })).toEqual({
      organisationId: 'o2',
      country: 'KG',
    });
    expect(codeOf(() => limitsOf(own, { organisationId: 'o2' }))).toBe('forbidden');
    expect(codeOf(() => limitsOf({ ...own, organisationId: null }, {}))).toBe('forbidden');
    expect(codeOf(() => limitsOf(actor({ country: 'KG' }), { country: 'KZ' }))).toBe('forbidden');
  });
});

describe('which committee decides', () => {
  const member = actor({ role: 'committee', organisationId: 'c1' });

  it('is a member’s own, named or not', () => {
    expect(decidingCommittee(member, undefined)).toBe('c1');
    expect(decidingCommittee(member, 'c1')).toBe('c1');
    expect(codeOf(() => decidingCommittee(member, 'c2'))).toBe('forbidden');
    expect(codeOf(() => decidingCommittee({ ...member, organisationId: null }, 'c2'))).toBe('forbidden');
  });

  it('is the one that an administrator names', () => {
    expect(decidingCommittee(actor({ role: 'administrator' }), 'c2')).toBe('c2');
    expect(codeOf(() => decidingCommittee(actor({ role: 'administrator' }), undefined))).toBe('invalid');
  });

  it('must be a committee of the country', () => {
    const committee = { code: 'C-000001', kind: 'committee', country: 'KG', status: 'registered' } as const;
    expect(codeOf(() => assertDecides(committee, 'KG'))).toBe('passed');
    expect(codeOf(() => assertDecides(committee, 'KZ'))).toBe('forbidden');
    expect(codeOf(() => assertDecides({ ...committee, kind: 'authority' }, 'KG'))).toBe('invalid');
    expect(codeOf(() => assertDecides({ ...committee, status: 'closed' }, 'KG'))).toBe('forbidden');
  });
});
