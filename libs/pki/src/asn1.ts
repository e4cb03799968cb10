import {
  AsnConvert,
  AsnIntegerBigIntConverter,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
} from '@peculiar/asn1-schema';
import type { Extension } from '@peculiar/asn1-x509';
import { AppError } from '#contracts';
import { hex, sameBytes } from './bytes.js';

/** Between the X.509 library's structures and bytes: strictly, and with whole OIDs (docs/decisions/0006). */

export function malformed(what: string, cause?: unknown): AppError {
  return new AppError('invalid', `malformed DER: ${what}`, [], cause);
}

/** A CRL of many entries has more nodes than the library allows unasked; every node is two bytes at least. */
const berOptions = { maxNodes: Infinity, maxContentLength: Infinity };

/**
 * Reads a structure from DER, strictly: it must be written again byte for byte, so that nothing was overlooked,
 * dropped or encoded in a second way. `mend` restores the OIDs that the library can not write again.
 */
export function readDer<T extends object>(der: Uint8Array, type: new () => T, mend?: (value: T) => void): T {
  let value: T;
  let again: Uint8Array;
  try {
    value = AsnConvert.parse(der, type, { berOptions });
    mend?.(value);
    again = writeDer(value);
  } catch (error) {
    throw malformed(`not a ${type.name}`, error);
  }
  if (!sameBytes(again, der)) throw malformed(`a ${type.name} that is not encoded in the one right way`);
  return value;
}

export function writeDer(structure: object): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(structure));
}

/** An OID in dotted decimals. The library gives an arc beyond 56 bits as `{base-128 digits}`, two characters each. */
export function dotted(oid: string): string {
  return oid.replace(/\{([0-9a-f]+)\}/g, (_, digits: string) =>
    String(digits.match(/../g)?.reduce((arc, digit) => arc * 128n + BigInt(`0x${digit}`), 0n)),
  );
}

export function mendOids(extensions: Iterable<Extension> = []): void {
  for (const extension of extensions) extension.extnID = dotted(extension.extnID);
}

/** The content of an INTEGER that is the number the hexadecimal digits give. */
export function unsigned(digits: string): ArrayBuffer {
  return Uint8Array.from(AsnIntegerBigIntConverter.toASN(BigInt(`0x0${digits}`)).valueBlock.valueHexView).buffer;
}

/** A serial number as lower-case hexadecimal without leading zeros; positive and shortest only. */
export function serialText(content: ArrayBuffer): string {
  const digits = BigInt(`0x0${hex(content)}`).toString(16);
  if (hex(unsigned(digits)) !== hex(content)) throw malformed('a serial number that is negative or not the shortest');
  return digits;
}

/** An INTEGER of any size by itself: the library's own CRLNumber ends at 2^53. */
@AsnType({ type: AsnTypeTypes.Choice })
export class BigInteger {
  @AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerBigIntConverter })
  value: bigint;

  constructor(value = 0n) {
    this.value = value;
  }
}
