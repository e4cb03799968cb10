import { createHash, type KeyObject } from 'node:crypto';
import type { LabelScope } from '#label';
import { readBitString, readOne, children, tags } from '../der.js';
import { boolean, element, generalizedTime, integer, octetString, oid, sequence, text } from '../der-write.js';
import { keyUsages, type KeyUsage } from '../extensions.js';
import { oids } from '../oids.js';
import { encodeLabelScope } from '../scope.js';

/** The extensions of section 5, each with the criticality that the table gives it. */

function extension(type: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value));
}

export function basicConstraints(constraints: { ca: true; pathLength: number } | { ca: false }): Uint8Array {
  const value = constraints.ca ? sequence(boolean(true), integer(constraints.pathLength)) : sequence();
  return extension(oids.basicConstraints, true, value);
}

export function keyUsage(...usages: readonly KeyUsage[]): Uint8Array {
  const bits = usages.reduce((byte, usage) => byte | (0x80 >> keyUsages.indexOf(usage)), 0);
  let unused = 0;
  while (unused < 7 && (bits & (1 << unused)) === 0) unused++;
  return extension(oids.keyUsage, true, element(tags.bitString, Uint8Array.of(unused, bits)));
}

export function extendedKeyUsage(purpose: string): Uint8Array {
  return extension(oids.extendedKeyUsage, true, sequence(oid(purpose)));
}

/** SHA-1 of the key's bits: RFC 5280 section 4.2.1.2, method 1. An identifier, not a protection. */
export function keyIdentifier(key: KeyObject): Uint8Array {
  const [, bits] = children(readOne(key.export({ type: 'spki', format: 'der' }), tags.sequence));
  return createHash('sha1').update(readBitString(bits)).digest();
}

export function subjectKeyIdentifier(key: KeyObject): Uint8Array {
  return extension(oids.subjectKeyIdentifier, false, octetString(keyIdentifier(key)));
}

export function authorityKeyIdentifier(key: KeyObject): Uint8Array {
  return extension(oids.authorityKeyIdentifier, false, sequence(element(0x80, keyIdentifier(key))));
}

export function labelScope(scope: LabelScope): Uint8Array {
  return extension(oids.labelScope, true, encodeLabelScope(scope));
}

export function privateKeyUsagePeriod(from: Date, until: Date): Uint8Array {
  return extension(
    oids.privateKeyUsagePeriod,
    false,
    sequence(generalizedTime(from, 0x80), generalizedTime(until, 0x81)),
  );
}

export function cRLDistributionPoint(url: string): Uint8Array {
  const fullName = element(0xa0, text(0x86, new URL(url).href));
  return extension(oids.cRLDistributionPoints, false, sequence(sequence(element(0xa0, fullName))));
}

export function cRLNumber(number: bigint): Uint8Array {
  return extension(oids.cRLNumber, false, integer(number));
}

export function reasonCode(code: number): Uint8Array {
  return extension(oids.reasonCode, false, integer(code, tags.enumerated));
}

export function invalidityDate(date: Date): Uint8Array {
  return extension(oids.invalidityDate, false, generalizedTime(date));
}
