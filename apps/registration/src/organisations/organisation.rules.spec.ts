import { describe, expect, it } from '@jest/globals';
import type { Organisation } from '#contracts';
import { approve, assertFreeForm, assertMayRegister, codeOf, gtinPrefixOf } from './organisation.rules.js';

const producer: Organisation = {
  id: 'o1',
  code: 'P-000001',
  kind: 'producer',
  legalForm: 'cooperative',
  names: { en: 'Felt' },
  country: 'KG',
  placeId: 'v1',
  status: 'registered',
  gtinPrefix: '95200001',
  publicName: true,
};
const committee: Organisation = { ...producer, id: 'c1', code: 'C-000001', kind: 'committee', gtinPrefix: null };

describe('an organisation', () => {
  it('gets a code by its kind', () => {
    expect(codeOf('producer', 1)).toBe('P-000001');
    expect(codeOf('laboratory', 1_234_567)).toBe('L-1234567');
  });

  it('may bring a code of its own, not one of the form that the register gives', () => {
    expect(() => assertFreeForm('C-KG-Y')).not.toThrow();
    expect(() => assertFreeForm('P-000002')).toThrow('code');
  });

  it('gets the programme’s prefix and five digits, until they are used up', () => {
    expect(gtinPrefixOf('952', 1)).toBe('95200001');
    expect(gtinPrefixOf('952', 99_999)).toBe('95299999');
    expect(() => gtinPrefixOf('952', 100_000)).toThrow('no organisation number left');
  });

  it('needs a village or rural municipality when it is a producer', () => {
    const officer = { role: 'officer', organisationId: null, country: 'KG' } as const;
    expect(() => assertMayRegister(officer, 'producer', { level: 3, country: 'KG' })).not.toThrow();
    expect(() => assertMayRegister(officer, 'producer', { level: 2, country: 'KG' })).toThrow('placeId');
    expect(() => assertMayRegister(officer, 'laboratory', { level: 1, country: 'KG' })).not.toThrow();
    expect(() => assertMayRegister(officer, 'authority', { level: 1, country: 'KG' })).toThrow('administrator');
  });

  it('is approved once, by a committee that is not itself', () => {
    const approved = approve(producer, committee);
    expect(approved).toEqual({ ...producer, status: 'approved' });
    expect(() => approve(approved, committee)).toThrow('organisation P-000001 is approved already');
    expect(() => approve({ ...producer, status: 'closed' }, committee)).toThrow('is closed');
    expect(() => approve(committee, committee)).toThrow('may not approve itself');
    expect(() => approve(producer, { ...committee, country: 'KZ' })).toThrow('decides in KZ');
  });
});
