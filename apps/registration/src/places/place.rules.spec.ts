import { describe, expect, it } from '@jest/globals';
import type { Place } from '#contracts';
import { assertFits } from './place.rules.js';

const district: Place = {
  id: 'd1',
  country: 'KG',
  level: 2,
  type: 'district',
  parentId: 'c1',
  codeSystem: null,
  code: null,
  names: { en: 'Ton' },
  aliases: [],
  latitude: null,
  longitude: null,
  altitudeMetres: null,
  validFrom: null,
  validTo: null,
};
const village: Place = { ...district, id: 'v1', level: 4, parentId: 'd1' };

describe('a place', () => {
  it('fits below a larger one of its country', () => {
    expect(() => assertFits(village, district)).not.toThrow();
    expect(() => assertFits({ ...district, level: 0 }, null)).not.toThrow();
  });

  it('fits neither below its equal, nor across a border, nor nowhere', () => {
    expect(() => assertFits({ ...village, level: 2 }, district)).toThrow('level');
    expect(() => assertFits({ ...village, country: 'KZ' }, district)).toThrow('parentId');
    expect(() => assertFits(village, null)).toThrow('parentId');
    expect(() => assertFits({ ...district, level: 0 }, district)).toThrow('level');
  });

  it('has a code with its system, in the form of that system', () => {
    expect(() => assertFits({ ...village, codeSystem: 'SOATE', code: '41702210815010' }, district)).not.toThrow();
    expect(() => assertFits({ ...village, codeSystem: 'SOATE', code: '4170221081501' }, district)).toThrow('SOATE');
    expect(() => assertFits({ ...village, codeSystem: 'SOATE' }, district)).toThrow('code');
    expect(() => assertFits({ ...village, code: '41702210815010' }, district)).toThrow('code');
  });

  it('does not end before it begins', () => {
    expect(() => assertFits({ ...village, validFrom: '2022-01-01', validTo: '2021-12-31' }, district)).toThrow(
      'validTo',
    );
  });
});
