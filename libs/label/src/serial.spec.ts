import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkSymbol,
  formatTypedCode,
  isIssuableSerial,
  isReadableSerial,
  newSerial,
  parseTypedCode,
  SERIAL_ALPHABET,
} from './index.js';

const serials = fc.uint8Array({ minLength: 7, maxLength: 7 }).map(newSerial);

describe('serials', () => {
  it('have ten characters of the alphabet from 50 bits, each bit counting once', () => {
    expect(newSerial(new Uint8Array(7))).toBe('0000000000');
    expect(newSerial(new Uint8Array(7).fill(255))).toBe('ZZZZZZZZZZ');
    expect(newSerial(Uint8Array.of(0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x40))).toBe('1111111111');
    expect(() => newSerial(new Uint8Array(6))).toThrow(/7 random bytes/);
    const seen = new Set(Array.from({ length: 5000 }, () => newSerial(randomBytes(7))));
    expect(seen.size).toBe(5000);
  });

  it('use every character about equally often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6400; i++) for (const c of newSerial(randomBytes(7))) counts.set(c, (counts.get(c) ?? 0) + 1);
    expect(counts.size).toBe(32);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(300);
  });

  it('are read at 1 to 12 characters and issued at 10 to 12', () => {
    const all = ['A1', '0123456789', 'ABCDEFGHJKMN', 'ABCDEFGHJKMNP', '', 'ABCDEFGHIJ', 'abcdefghjk', 'ABCDEFGHJU'];
    expect(all.map(isReadableSerial)).toEqual([true, true, true, false, false, false, false, false]);
    expect(all.map(isIssuableSerial)).toEqual([false, true, true, false, false, false, false, false]);
  });
});

describe('typed codes', () => {
  it('are printed in groups with the check symbol', () => {
    expect(formatTypedCode('7KQ4M9XW2T')).toMatch(/^7KQ4-M9XW-2T.$/);
    expect(() => formatTypedCode('A1')).toThrow(RangeError);
  });

  it('are read back, however they are typed', () => {
    fc.assert(
      fc.property(serials, (serial) => {
        const code = formatTypedCode(serial);
        const sloppy = ` ${code.toLowerCase().replaceAll('-', ' – ').replaceAll('0', 'o').replaceAll('1', 'l')}\t`;
        const other = code.replaceAll('-', '').replaceAll('0', 'O').replaceAll('1', 'I');
        return [code, sloppy, other].every((text) => {
          const read = parseTypedCode(text);
          return 'serial' in read && read.serial === serial;
        });
      }),
    );
  });

  it('never pass with one wrong character', () => {
    const symbols = `${SERIAL_ALPHABET}*~$=U`;
    fc.assert(
      fc.property(serials, fc.nat(10), fc.constantFrom(...symbols), (serial, place, symbol) => {
        const code = serial + checkSymbol(serial);
        fc.pre(code.charAt(place) !== symbol);
        return !('serial' in parseTypedCode(code.slice(0, place) + symbol + code.slice(place + 1)));
      }),
    );
  });

  it('say what is wrong', () => {
    expect(parseTypedCode('')).toEqual({ reason: 'empty' });
    expect(parseTypedCode(' - ')).toEqual({ reason: 'empty' });
    expect(parseTypedCode('7KQ4-M9X!')).toEqual({ reason: 'character', position: 8 });
    expect(parseTypedCode('7KQ4')).toEqual({ reason: 'length' });
    expect(parseTypedCode('7KQ4-M9XW-2T55-55')).toEqual({ reason: 'length' });
    expect(parseTypedCode('7'.repeat(100_000))).toEqual({ reason: 'length' });
    expect(parseTypedCode('7kq4-m9uw-2tx')).toEqual({ reason: 'character', position: 7 });
    expect(parseTypedCode(`7KQ4-M9XW-2V${checkSymbol('7KQ4M9XW2T')}`)).toEqual({ reason: 'check' });
  });

  it('never make the reader throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTypedCode(text)));
  });
});
