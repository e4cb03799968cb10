import { createHash, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  CRLReason,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  InvalidityDate,
  KeyUsage as KeyUsageBits,
  PrivateKeyUsagePeriod,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';
import type { LabelScope } from '#label';
import { BigInteger, writeDer } from '../asn1.js';
import { keyUsages, type KeyUsage } from '../extensions.js';
import { oids } from '../oids.js';
import { encodeLabelScope } from '../scope.js';

/** The extensions of section 5, each with the criticality that the table gives it. */

function extension(extnID: string, critical: boolean, value: Uint8Array | object): Extension {
  const der = value instanceof Uint8Array ? value : writeDer(value);
  return new Extension({ extnID, critical, extnValue: new OctetString(der) });
}

/** GeneralizedTime is written without fractions of a second (RFC 5280 section 4.1.2.5.2). */
const wholeSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

export function basicConstraints(constraints: { ca: true; pathLength: number } | { ca: false }): Extension {
  const value = constraints.ca ? { cA: true, pathLenConstraint: constraints.pathLength } : {};
  return extension(oids.basicConstraints, true, new BasicConstraints(value));
}

export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  const bits = usages.reduce((all, usage) => all | (1 << keyUsages.indexOf(usage)), 0);
  return extension(oids.keyUsage, true, new KeyUsageBits(bits));
}

export function extendedKeyUsage(purpose: string): Extension {
  return extension(oids.extendedKeyUsage, true, new ExtendedKeyUsage([purpose]));
}

/** A public key as the library's structure. */
export function keyInfo(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(key.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);
}

/** SHA-1 of the key's bits: RFC 5280 section 4.2.1.2, method 1. An identifier, not a protection. */
function keyIdentifier(key: KeyObject): SubjectKeyIdentifier {
  const bits = new Uint8Array(keyInfo(key).subjectPublicKey);
  return new SubjectKeyIdentifier(createHash('sha1').update(bits).digest());
}

export function subjectKeyIdentifier(key: KeyObject): Extension {
  return extension(oids.subjectKeyIdentifier, false, keyIdentifier(key));
}

export function authorityKeyIdentifier(key: KeyObject): Extension {
  const value = new AuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(key) });
  return extension(oids.authorityKeyIdentifier, false, value);
}

export function labelScope(scope: LabelScope): Extension {
  return extension(oids.labelScope, true, encodeLabelScope(scope));
}

export function privateKeyUsagePeriod(from: Date, until: Date): Extension {
  const value = new PrivateKeyUsagePeriod({ notBefore: wholeSecond(from), notAfter: wholeSecond(until) });
  return extension(oids.privateKeyUsagePeriod, false, value);
}

export function cRLDistributionPoint(url: string): Extension {
  const fullName = [new GeneralName({ uniformResourceIdentifier: new URL(url).href })];
  const distributionPoint = new DistributionPointName({ fullName });
  const value = new CRLDistributionPoints([new DistributionPoint({ distributionPoint })]);
  return extension(oids.cRLDistributionPoints, false, value);
}

export function cRLNumber(number: bigint): Extension {
  return extension(oids.cRLNumber, false, new BigInteger(number));
}

export function reasonCode(code: number): Extension {
  return extension(oids.reasonCode, false, new CRLReason(code));
}

export function invalidityDate(date: Date): Extension {
  return extension(oids.invalidityDate, false, new InvalidityDate(wholeSecond(date)));
}
