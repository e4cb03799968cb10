import { AsnProp, AsnPropTypes } from '@peculiar/asn1-schema';
import { isHost, type LabelScope } from '#label';
import { malformed, readDer, writeDer } from './asn1.js';

/** LabelScope, the project's own critical extension: label profile, section 5. */
class LabelScopeValue {
  @AsnProp({ type: AsnPropTypes.Integer })
  version = 1;

  @AsnProp({ type: AsnPropTypes.PrintableString })
  country = '';

  @AsnProp({ type: AsnPropTypes.IA5String, repeated: 'sequence' })
  gtinPrefixes: string[] = [];

  @AsnProp({ type: AsnPropTypes.IA5String, repeated: 'sequence' })
  hosts: string[] = [];

  @AsnProp({ type: AsnPropTypes.IA5String, context: 0, implicit: true, optional: true })
  producerId?: string;
}

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
  return writeDer(Object.assign(new LabelScopeValue(), scope));
}

/** Decodes the extension's value; throws where it is not exactly what section 5 defines. */
export function decodeLabelScope(der: Uint8Array): LabelScope {
  const { version, country, gtinPrefixes, hosts, producerId } = readDer(der, LabelScopeValue);
  if (version !== 1) throw malformed('a LabelScope of another version');
  const scope = { country, gtinPrefixes, hosts, ...(producerId === undefined ? {} : { producerId }) };
  const wrong = fault(scope);
  if (wrong !== undefined) throw malformed(`LabelScope: ${wrong}`);
  return scope;
}
