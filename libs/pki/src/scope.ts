import { isHost, type LabelScope } from '#label';
import { children, expectTag, malformed, readInteger, readOne, tags, type Element } from './der.js';
import { integer, sequence, text } from './der-write.js';

/** LabelScope, the project's own critical extension: label profile, section 5. */

const PRODUCER_ID = 0x80;
const PREFIX = /^[0-9]{1,13}$/;
const COUNTRY = /^[0-9]{3}$/;
const PRODUCER = /^[\x20-\x7e]{1,64}$/;

function fault(scope: LabelScope): string | undefined {
  if (!COUNTRY.test(scope.country)) return 'the country must be three digits (ISO 3166-1 numeric)';
  if (!scope.gtinPrefixes.every((prefix) => PREFIX.test(prefix))) return 'a GTIN prefix must be 1 to 13 digits';
  if (!scope.hosts.every(isHost)) return 'a host must be a lower-case name';
  if (scope.producerId !== undefined && !PRODUCER.test(scope.producerId)) return 'the producer id must be ASCII';
  return undefined;
}

/** Encodes the extension's value exactly as section 5 defines it. */
export function encodeLabelScope(scope: LabelScope): Uint8Array {
  const wrong = fault(scope);
  if (wrong !== undefined) throw new RangeError(wrong);
  return sequence(
    integer(1),
    text(tags.printableString, scope.country),
    sequence(...scope.gtinPrefixes.map((prefix) => text(tags.ia5String, prefix))),
    sequence(...scope.hosts.map((host) => text(tags.ia5String, host))),
    ...(scope.producerId === undefined ? [] : [text(PRODUCER_ID, scope.producerId)]),
  );
}

const ascii = (item: Element): string => Buffer.from(item.value).toString('latin1');
const strings = (list: Element | undefined): string[] =>
  children(expectTag(list, tags.sequence)).map((item) => ascii(expectTag(item, tags.ia5String)));

/** Decodes the extension's value; throws where it is not exactly what section 5 defines. */
export function decodeLabelScope(der: Uint8Array): LabelScope {
  const [version, country, gtinPrefixes, hosts, producerId, ...more] = children(readOne(der, tags.sequence));
  if (readInteger(version) !== 1n || more.length > 0) throw malformed('a LabelScope of another version');
  const scope = {
    country: ascii(expectTag(country, tags.printableString)),
    gtinPrefixes: strings(gtinPrefixes),
    hosts: strings(hosts),
    ...(producerId === undefined ? {} : { producerId: ascii(expectTag(producerId, PRODUCER_ID)) }),
  };
  const wrong = fault(scope);
  if (wrong !== undefined) throw malformed(`LabelScope: ${wrong}`);
  return scope;
}
