import { describe, expect, it } from '@jest/globals';
import { verdictCodes } from '#label';
import { judgeOnline, needsRegister, shownWith, toneOf, type RegisterEntry } from './verdict.rules.js';

const entry: RegisterEntry = {
  ...{ batchId: null, recalled: false, voidedAt: null, voidReason: null, scans: 0, firstScanAt: null },
};
const voided = { ...entry, voidedAt: new Date() };

describe('the register', () => {
  const label = { host: 'a.example', gtin: '09521234567899', serial: '7KQ4M9XW2T', attributes: {}, signed: false };
  const hosts = new Set(['a.example']);

  it('is asked after a right signature and for compact labels of our hosts, never for a forgery', () => {
    const asked = verdictCodes.filter((code) => needsRegister(code, label, hosts));
    expect(asked).toEqual(['NOT_SIGNED', 'LABEL_VOID', 'RECALLED', 'TRUST_EXPIRED', 'VALID_STALE_TRUST', 'VALID']);
    expect(needsRegister('NOT_SIGNED', { ...label, host: 'b.example' }, hosts)).toBe(false);
    expect(needsRegister('NOT_SIGNED', { ...label, lot: 'L1' }, hosts)).toBe(false);
    expect(needsRegister('NOT_SIGNED', { ...label, attributes: { 13: '260101' } }, hosts)).toBe(false);
  });

  it('takes back what the trust bundle still calls valid', () => {
    for (const code of ['VALID', 'VALID_STALE_TRUST', 'TRUST_EXPIRED'] as const) {
      expect(judgeOnline(code, voided, true)).toBe('LABEL_VOID');
      expect(judgeOnline(code, entry, true)).toBe('RECALLED');
      expect(judgeOnline(code, entry, false)).toBe(code);
      expect(judgeOnline(code, undefined, false)).toBe(code);
    }
  });

  it('never makes good what the bundle calls bad', () => {
    expect(judgeOnline('LABEL_VOID', entry, false)).toBe('LABEL_VOID');
    expect(judgeOnline('RECALLED', entry, false)).toBe('RECALLED');
  });

  it('alone decides about a compact label', () => {
    expect(judgeOnline('NOT_SIGNED', undefined, false)).toBe('UNKNOWN_SERIAL');
    expect(judgeOnline('NOT_SIGNED', entry, false)).toBe('ISSUED');
    expect(judgeOnline('NOT_SIGNED', voided, false)).toBe('LABEL_VOID');
    expect(judgeOnline('NOT_SIGNED', entry, true)).toBe('RECALLED');
  });
});

describe('a verdict', () => {
  it('lends no credit to a label that it does not confirm', () => {
    const story = verdictCodes.filter((code) => shownWith(code) === 'story');
    expect(story).toEqual(['RECALLED', 'TRUST_EXPIRED', 'VALID_STALE_TRUST', 'VALID', 'ISSUED']);
  });

  it('is green only when everything held', () => {
    expect(verdictCodes.filter((code) => toneOf(code) === 'good')).toEqual(['VALID']);
  });
});
