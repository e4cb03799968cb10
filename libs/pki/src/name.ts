import { children, expectTag, malformed, readOid, tags, type Element } from './der.js';
import { element, oid, sequence, text } from './der-write.js';
import { oids } from './oids.js';

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
  ['commonName', oids.commonName, 64, 'CN'],
  ['organisationalUnit', oids.organisationalUnit, 64, 'OU'],
  ['organisation', oids.organisation, 64, 'O'],
  ['locality', oids.locality, 128, 'L'],
  ['country', oids.country, 2, 'C'],
] as const;

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]+$/;

/** Encodes a name in the order of section 5: CN, OU, O, L, C. Lengths are the upper bounds of RFC 5280 appendix A. */
export function encodeName(name: DistinguishedName): Uint8Array {
  if (!/^[A-Z]{2}$/.test(name.country)) throw new RangeError(`"${name.country}" is not a country of two letters`);
  return sequence(
    ...ATTRIBUTES.flatMap(([key, type, longest]) => {
      const value = name[key];
      if (value === undefined) return [];
      if (value === '' || [...value].length > longest) throw new RangeError(`${key} needs 1 to ${longest} characters`);
      const tag = PRINTABLE.test(value) ? tags.printableString : tags.utf8String;
      return [element(tags.set, sequence(oid(type), text(tag, value)))];
    }),
  );
}

const SHORT: ReadonlyMap<string, string> = new Map(ATTRIBUTES.map(([, type, , short]) => [type, short]));
const TEXT_TAGS: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.printableString,
  tags.ia5String,
  tags.teletexString,
]);

/** A name for people: `CN=…, O=…, C=KG` in the encoded order, with separators inside values escaped. */
export function nameText(name: Element): string {
  return children(expectTag(name, tags.sequence))
    .flatMap((set) => children(expectTag(set, tags.set)))
    .map((attribute) => {
      const [type, value] = children(expectTag(attribute, tags.sequence));
      if (value === undefined) throw malformed('a name attribute without a value');
      const key = SHORT.get(readOid(type)) ?? readOid(type);
      if (!TEXT_TAGS.has(value.tag)) return `${key}=#${Buffer.from(value.raw).toString('hex')}`;
      return `${key}=${Buffer.from(value.value)
        .toString('utf8')
        .replace(/[,+"\\<>;=]/g, '\\$&')}`;
    })
    .join(', ');
}
