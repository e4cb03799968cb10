import { AppError } from '#contracts';
import { SERIAL_ALPHABET } from '#label';
import { decodeBase64url, encodeBase64url } from './bytes.js';

/**
 * Void serials of one GTIN, small: serials of ten characters are 50-bit numbers; sorted, their differences are
 * written in a Rice code (quotient in unary, remainder in `bits` bits). Random serials then cost about two bits
 * more than their entropy. Serials of any other length are listed as they are.
 */
export interface PackedSerials {
  readonly bits: number;
  readonly count: number;
  /** base64url */
  readonly packed: string;
  readonly others?: readonly string[] | undefined;
}

const SPAN = 2 ** 50;
const HALF = 2 ** 25;

function numberOf(serial: string): number {
  let value = 0;
  for (const character of serial) value = value * 32 + SERIAL_ALPHABET.indexOf(character);
  return value;
}

function serialOf(value: number): string {
  let text = '';
  for (let rest = value, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) {
    text = SERIAL_ALPHABET.charAt(rest % 32) + text;
  }
  return text;
}

/** Packs serials; each counts once, and the order does not matter. */
export function packSerials(serials: Iterable<string>): PackedSerials {
  const all = [...new Set(serials)].sort();
  const numbers = all.filter(({ length }) => length === 10).map(numberOf);
  const others = all.filter(({ length }) => length !== 10);
  const bits = numbers.length === 0 ? 0 : Math.floor(Math.log2((SPAN / numbers.length) * Math.LN2));
  const out: number[] = [];
  let byte = 0;
  let filled = 0;
  const push = (value: number, width: number): void => {
    for (let i = width - 1; i >= 0; i--) {
      byte = (byte << 1) | ((value >>> i) & 1);
      if (++filled === 8) {
        out.push(byte);
        byte = filled = 0;
      }
    }
  };
  let last = -1;
  for (const value of numbers) {
    const gap = value - last - 1;
    last = value;
    for (let q = Math.floor(gap / 2 ** bits); q > 0; q--) push(1, 1);
    push(0, 1);
    const rest = gap % 2 ** bits;
    push(Math.floor(rest / HALF), Math.max(0, bits - 25));
    push(rest % HALF, Math.min(bits, 25));
  }
  if (filled > 0) push(0, 8 - filled);
  const packed = encodeBase64url(Uint8Array.from(out));
  return { bits, count: numbers.length, packed, ...(others.length === 0 ? {} : { others }) };
}

/** Unpacks what packSerials packed; throws when the data end too soon. */
export function unpackSerials({ bits, count, packed, others = [] }: PackedSerials): ReadonlySet<string> {
  const bytes = decodeBase64url(packed);
  if (bytes === undefined) throw new AppError('invalid', 'the list of void labels is not base64url');
  const serials = new Set(others);
  let at = 0;
  const pull = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i++, at++) {
      const byte = bytes[at >>> 3];
      if (byte === undefined) throw new AppError('invalid', 'the list of void labels is cut short');
      value = value * 2 + ((byte >>> (7 - (at & 7))) & 1);
    }
    return value;
  };
  let last = -1;
  for (let i = 0; i < count; i++) {
    let gap = 0;
    while (pull(1) === 1) gap += 2 ** bits;
    last += gap + pull(bits) + 1;
    if (last >= SPAN) throw new AppError('invalid', 'the list of void labels holds no serial');
    serials.add(serialOf(last));
  }
  return serials;
}
