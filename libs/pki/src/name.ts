import 'reflect-metadata';
import { Name } from '@peculiar/x509';

/** The names of section 5. Producers' names are in Cyrillic more often than not. */
export interface DistinguishedName {
  readonly commonName: string;
  readonly organisationalUnit?: string;
  readonly organisation: string;
  readonly locality?: string;
  /** Two letters, ISO 3166-1 alpha-2. */
  readonly country: string;
}

const ATTRIBUTES = [
  ['commonName', 'CN', 64],
  ['organisationalUnit', 'OU', 64],
  ['organisation', 'O', 64],
  ['locality', 'L', 128],
  ['country', 'C', 2],
] as const;

/**
 * Encodes a name in the order of section 5: CN, OU, O, L, C. Lengths are the upper bounds of RFC 5280 appendix A.
 * The string type is chosen here: given a bare text the library reads quotation marks and a leading # in it.
 */
export function encodeName(name: DistinguishedName): Uint8Array {
  if (!/^[A-Z]{2}$/.test(name.country)) throw new RangeError(`"${name.country}" is not a country of two letters`);
  const attributes = ATTRIBUTES.flatMap(([key, type, longest]) => {
    const value = name[key];
    if (value === undefined) return [];
    if (value === '' || [...value].length > longest) throw new RangeError(`${key} needs 1 to ${longest} characters`);
    return [{ [type]: [Name.isPrintableString(value) ? { printableString: value } : { utf8String: value }] }];
  });
  return new Uint8Array(new Name(attributes).toArrayBuffer());
}
