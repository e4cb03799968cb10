import type { Name } from '@peculiar/asn1-x509';
import { hex } from './bytes.js';

/** The short names of RFC 4514 section 3 and those that certificates of persons and organisations carry. */
const SHORT: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'G',
  '2.5.4.43': 'I',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};

/** A name for people: `CN=…, O=…, C=KG` in the encoded order, with separators inside values escaped. */
export function nameText(name: Name): string {
  return Array.from(name, (attributes) =>
    Array.from(attributes, ({ type, value }) => {
      const text = value.anyValue === undefined ? escape(value.toString()) : `#${hex(value.anyValue)}`;
      return `${SHORT[type] ?? type}=${text}`;
    }).join('+'),
  ).join(', ');
}

/** RFC 4514 section 2.4; control characters too, which would break a line. */
function escape(value: string): string {
  return value
    .replace(/[,+"\\<>;]|^[ #]|(?<!^) $/g, '\\$&')
    .replace(/[\r\n\t]/g, (control) => `\\${hex(Uint8Array.of(control.charCodeAt(0))).toUpperCase()}`);
}
