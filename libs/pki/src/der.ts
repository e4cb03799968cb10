import { AppError } from '#contracts';

/**
 * A strict reader of DER (X.690): definite, shortest lengths and one-byte tags only. Our own because every byte
 * counts here: issuer and subject are compared as encoded, and the usual library can not read an OID under a UUID
 * arc (it gives `2.25.{hexadecimal}.1`, and writes that back as plain 2.25).
 */

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: its tag, its content, and the whole as encoded. */
export interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly raw: Uint8Array;
}

export function malformed(what: string): AppError {
  return new AppError('invalid', `malformed DER: ${what}`);
}

function readAt(bytes: Uint8Array, start: number): Element {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw malformed('cut short');
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag of several bytes');
  let length = first;
  let at = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed('an indefinite or oversized length');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + i] ?? 0);
    at += count;
    if (length < 0x80 || length < 256 ** (count - 1)) throw malformed('a length that is not the shortest');
  }
  const end = at + length;
  if (end > bytes.length) throw malformed('cut short');
  return { tag, value: bytes.subarray(at, end), raw: bytes.subarray(start, end) };
}

/** Reads exactly one element that fills the bytes, of the tag if one is given. */
export function readOne(bytes: Uint8Array, tag?: number): Element {
  const element = readAt(bytes, 0);
  if (element.raw.length !== bytes.length) throw malformed('something follows the element');
  return tag === undefined ? element : expectTag(element, tag);
}

/** The elements inside a constructed one. */
export function children(element: Element): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < element.value.length;) {
    const child = readAt(element.value, at);
    found.push(child);
    at += child.raw.length;
  }
  return found;
}

/** The element if there is one and it has the tag; throws otherwise. */
export function expectTag(element: Element | undefined, tag: number): Element {
  if (element?.tag !== tag) throw malformed(`tag ${tag} expected, ${element?.tag ?? 'nothing'} found`);
  return element;
}

/** An INTEGER's content, shortest form only. */
export function readInteger(element: Element | undefined, tag: number = tags.integer): bigint {
  const { value } = expectTag(element, tag);
  const [first, second] = value;
  if (first === undefined) throw malformed('an empty integer');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed('an integer that is not the shortest');
  }
  const magnitude = BigInt(`0x${Buffer.from(value).toString('hex')}`);
  return first < 0x80 ? magnitude : magnitude - (1n << BigInt(8 * value.length));
}

export function readBoolean(element: Element | undefined): boolean {
  const { value } = expectTag(element, tags.boolean);
  if (value.length !== 1 || (value[0] !== 0 && value[0] !== 0xff)) throw malformed('a boolean');
  return value[0] === 0xff;
}

/** An OBJECT IDENTIFIER as dotted text; arcs of any size. */
export function readOid(element: Element | undefined): string {
  const { value } = expectTag(element, tags.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  let open = false;
  for (const byte of value) {
    if (!open && byte === 0x80) throw malformed('an object identifier that is not the shortest');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    open = byte >= 0x80;
    if (open) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first] = arcs;
  if (open || first === undefined) throw malformed('an object identifier cut short');
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - top * 40n, ...arcs.slice(1)].join('.');
}

/** A BIT STRING of whole bytes, such as keys and signatures are. */
export function readBitString(element: Element | undefined): Uint8Array {
  const { value } = expectTag(element, tags.bitString);
  if (value[0] !== 0) throw malformed('a bit string with unused bits');
  return value.subarray(1);
}

/** UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 allows them: whole seconds, Z. */
export function readTime(element: Element | undefined): Date {
  const text = Buffer.from(element?.value ?? []).toString('latin1');
  const match =
    element?.tag === tags.utcTime || element?.tag === tags.generalizedTime
      ? /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
      : null;
  if (match === null || (match[1] ?? '').length !== (element?.tag === tags.utcTime ? 2 : 4)) throw malformed('a time');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const full = element?.tag === tags.utcTime ? (year < 50 ? 2000 : 1900) + year : year;
  const time = new Date(Date.UTC(full, month - 1, day, hour, minute, second));
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    throw malformed('a time that does not exist');
  }
  return time;
}
