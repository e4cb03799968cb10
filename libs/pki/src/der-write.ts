import { tags } from './der.js';

/** Writing DER (X.690): the counterpart of der.ts. */

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Uint8Array.of(tag, length), value]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([Uint8Array.of(tag, 0x80 | bytes.length, ...bytes), value]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.sequence, ...parts);
export const octetString = (value: Uint8Array): Uint8Array => element(tags.octetString, value);
export const bitString = (value: Uint8Array): Uint8Array => element(tags.bitString, Uint8Array.of(0), value);
export const boolean = (value: boolean): Uint8Array => element(tags.boolean, Uint8Array.of(value ? 0xff : 0));

/** A text of a string type; the caller has checked that its characters fit the type. */
export const text = (tag: number, value: string): Uint8Array => element(tag, Buffer.from(value, 'utf8'));

/** A non-negative INTEGER from big-endian bytes of any length. */
export function unsigned(bytes: Uint8Array, tag: number = tags.integer): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  return (shortest[0] ?? 0) < 0x80 ? element(tag, shortest) : element(tag, Uint8Array.of(0), shortest);
}

export function integer(value: bigint | number, tag: number = tags.integer): Uint8Array {
  const hex = BigInt(value).toString(16);
  return unsigned(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'), tag);
}

export function oid(dotted: string): Uint8Array {
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  const bytes = [top * 40n + second, ...rest].flatMap((arc) => {
    const groups = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
    return groups;
  });
  return element(tags.oid, Uint8Array.from(bytes));
}

function digits(date: Date): string {
  return `${date.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`;
}

export function generalizedTime(date: Date, tag: number = tags.generalizedTime): Uint8Array {
  return text(tag, digits(date));
}

/** UTCTime through 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Uint8Array {
  return date.getUTCFullYear() < 2050 ? text(tags.utcTime, digits(date).slice(2)) : generalizedTime(date);
}
