import { createHash } from 'node:crypto';
import { AuthorityKeyIdentifier, CRLDistributionPoints, TBSCertificate, Version } from '@peculiar/asn1-x509';
import { AppError } from '#contracts';
import { isScopeSubset } from '#label';
import { mendOids, readDer, writeDer } from '../asn1.js';
import type { Certificate } from '../certificate.js';
import { decodeExtensions } from '../extensions.js';
import { oids } from '../oids.js';
import { lintError, type LintFault, type LintSubject } from './lint-fault.js';
import { findSubjectFaults, findTimeFaults } from './lint-fields.js';
import { profileRules, type LintProfile } from './lint-profiles.js';

/**
 * Checks a TBSCertificate (DER) against the column of its profile in the table of the label profile, section 5,
 * and the rules of RFC 5280 that the table rests on. With the issuer also what binds the two.
 * @returns the broken rules; none when it may be signed
 */
export function lintTbs(der: Uint8Array, profile: LintProfile, issuer?: Certificate): LintFault[] {
  let subject: LintSubject;
  try {
    const tbs = readDer(der, TBSCertificate, (read) => mendOids(read.extensions));
    const list = [...(tbs.extensions ?? [])];
    subject = { tbs, list, extensions: decodeExtensions(list), rules: profileRules[profile], issuer };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [lintError('encoding', error.message)];
  }
  return [
    ...findFrameFaults(subject),
    ...findTimeFaults(subject),
    ...findSubjectFaults(subject),
    ...findExtensionFaults(subject),
    ...findKeyIdentifierFaults(subject),
    ...findScopeFaults(subject),
    ...findCrlFaults(subject),
  ];
}

/**
 * Refuses a TBSCertificate that breaks a rule.
 * @param strict warnings count as well
 * @throws {AppError} `invalid` naming every broken rule
 */
export function assertLinted(
  der: Uint8Array,
  profile: LintProfile,
  issuer?: Certificate,
  { strict = false }: { readonly strict?: boolean } = {},
): void {
  const faults = lintTbs(der, profile, issuer).filter(({ severity }) => strict || severity === 'error');
  if (faults.length === 0) return;
  const list = faults.map(({ rule, message }) => `${rule}: ${message}`).join('; ');
  throw new AppError('invalid', `the certificate to be signed breaks the profile ${profile}: ${list}`);
}

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(new Uint8Array(bytes)).toString('hex');

/** Version, serial number, algorithm, issuer and key: RFC 5280 sections 4.1.2.1 to 4.1.2.8. */
function findFrameFaults({ tbs, issuer, rules }: LintSubject): LintFault[] {
  const faults: LintFault[] = [];
  const serial = new Uint8Array(tbs.serialNumber);
  const first = serial[0] ?? 0;
  const { algorithm, parameters } = tbs.signature;
  const named = hex(writeDer(tbs.issuer));
  const expected = rules.selfSigned ? hex(writeDer(tbs.subject)) : issuer?.subject;
  if (tbs.version !== Version.v3) faults.push(lintError('version', 'must be 3'));
  if (serial.length !== 16 || first < 0x01 || first > 0x7f)
    faults.push(lintError('serial', 'must have 16 bytes, the first 01 to 7F'));
  if (algorithm !== oids.ecdsaWithSha256 || parameters !== undefined)
    faults.push(lintError('signature-algorithm', 'must be ecdsa-with-SHA256 without parameters'));
  if (expected !== undefined && named !== expected)
    faults.push(lintError('issuer-name', "must be the issuer's subject, byte for byte"));
  if (tbs.issuerUniqueID !== undefined || tbs.subjectUniqueID !== undefined)
    faults.push(lintError('unique-id', 'must not be used'));
  if (!hasP256Key(tbs)) faults.push(lintError('public-key', 'must be an uncompressed point on P-256'));
  return faults;
}

const ecPublicKey = '1.2.840.10045.2.1';
const p256 = '06082a8648ce3d030107';

function hasP256Key({ subjectPublicKeyInfo: { algorithm, subjectPublicKey } }: TBSCertificate): boolean {
  const { parameters } = algorithm;
  const point = new Uint8Array(subjectPublicKey);
  const onCurve = algorithm.algorithm === ecPublicKey && parameters && hex(parameters) === p256;
  return onCurve === true && point.length === 65 && point[0] === 4;
}

/** The extensions of the profile and no other, each with its criticality and value. */
function findExtensionFaults({ list, extensions, rules }: LintSubject): LintFault[] {
  const faults: LintFault[] = [];
  const present = new Map(list.map(({ extnID, critical }) => [extnID, critical]));
  for (const [oid, critical] of rules.extensions) {
    const found = present.get(oid);
    if (found === undefined) faults.push(lintError('extension-missing', oid));
    else if (found !== critical)
      faults.push(lintError('criticality', `${oid} must ${critical ? '' : 'not '}be critical`));
  }
  for (const oid of present.keys())
    if (!rules.extensions.has(oid)) faults.push(lintError('extension-unknown', `${oid} has no place here`));
  const { basicConstraints: basic, keyUsage = new Set<string>(), extendedKeyUsage = [] } = extensions;
  if (basic?.ca !== rules.ca || basic.pathLength !== rules.pathLength)
    faults.push(lintError('basic-constraints', `must say CA:${rules.ca}, path length ${rules.pathLength ?? 'none'}`));
  if (keyUsage.size !== rules.keyUsage.length || !rules.keyUsage.every((usage) => keyUsage.has(usage)))
    faults.push(lintError('key-usage', `must be ${rules.keyUsage.join(', ')}`));
  if (extendedKeyUsage.join() !== (rules.purpose ?? ''))
    faults.push(lintError('extended-key-usage', `must be ${rules.purpose ?? 'absent'}`));
  return faults;
}

/** RFC 5280 sections 4.2.1.1 and 4.2.1.2, method 1. */
function findKeyIdentifierFaults({ tbs, list, extensions, rules, issuer }: LintSubject): LintFault[] {
  const faults: LintFault[] = [];
  const key = new Uint8Array(tbs.subjectPublicKeyInfo.subjectPublicKey);
  if (extensions.subjectKeyIdentifier !== createHash('sha1').update(key).digest('hex'))
    faults.push(lintError('subject-key-identifier', "must be the SHA-1 of the key's bits"));
  if (rules.selfSigned) return faults;
  const authority = list.find(({ extnID }) => extnID === oids.authorityKeyIdentifier);
  const value = authority && readDer(new Uint8Array(authority.extnValue.buffer), AuthorityKeyIdentifier);
  const onlyKey = value?.authorityCertIssuer === undefined && value?.authorityCertSerialNumber === undefined;
  const expected = issuer?.extensions.subjectKeyIdentifier;
  const named = extensions.authorityKeyIdentifier;
  if (named === undefined || !onlyKey || (expected !== undefined && named !== expected))
    faults.push(lintError('authority-key-identifier', "must be the issuer's subject key identifier alone"));
  return faults;
}

/** LabelScope: something to allow, and nothing that the issuer may not. */
function findScopeFaults({ extensions: { labelScope: scope }, rules, issuer }: LintSubject): LintFault[] {
  if (!rules.scoped || scope === undefined) return [];
  const faults: LintFault[] = [];
  if (scope.gtinPrefixes.length === 0 || scope.hosts.length === 0)
    faults.push(lintError('scope-empty', 'needs at least one GTIN prefix and one host'));
  if (issuer?.scope !== undefined && !isScopeSubset(scope, issuer.scope))
    faults.push(lintError('scope-wider', "must lie inside the issuer's"));
  if (rules.ca && scope.producerId !== undefined) faults.push(lintError('scope-producer', 'a CA is no producer'));
  return faults;
}

/** One distribution point with one http or https address: RFC 5280 section 4.2.1.13. */
function findCrlFaults({ list }: LintSubject): LintFault[] {
  const found = list.find(({ extnID }) => extnID === oids.cRLDistributionPoints);
  if (found === undefined) return [];
  const [point, ...more] = readDer(new Uint8Array(found.extnValue.buffer), CRLDistributionPoints);
  const [name, ...names] = point?.distributionPoint?.fullName ?? [];
  const url = name?.uniformResourceIdentifier ?? '';
  const whole = point?.reasons === undefined && point?.cRLIssuer === undefined;
  if (whole && more.length + names.length === 0 && /^https?:\/\/[^\s]+$/.test(url)) return [];
  return [lintError('crl-distribution-point', 'must be one http or https address')];
}
