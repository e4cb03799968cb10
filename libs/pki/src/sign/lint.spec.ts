import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  Extension,
  Extensions,
  Name,
  TBSCertificate,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import { Name as NameWriter } from '@peculiar/x509';
import { lintTbs, type LintProfile } from '#pki/sign';
import { mendOids, readDer, writeDer } from '../asn1.js';
import { oids } from '../oids.js';
import { buildPki, LEAF_SCOPE } from '../../test/authority.js';
import * as make from './extensions.js';

const pki = buildPki();
const { root, country, leaf, bundle } = pki;

const certificates = {
  root: { certificate: root.certificate, issuer: undefined },
  'country-ca': { certificate: country.certificate, issuer: root.certificate },
  'label-signer': { certificate: leaf.certificate, issuer: country.certificate },
  'bundle-signer': { certificate: bundle.certificate, issuer: root.certificate },
} as const;

/** The rules that a certificate breaks after one change. */
function rulesOf(profile: LintProfile, change: (tbs: TBSCertificate) => void): string[] {
  const { certificate, issuer } = certificates[profile];
  const tbs = readDer(certificate.tbs, TBSCertificate, (read) => mendOids(read.extensions));
  change(tbs);
  return lintTbs(writeDer(tbs), profile, issuer).map(({ rule }) => rule);
}

const list = (tbs: TBSCertificate): Extension[] => [...(tbs.extensions ?? [])];
const put =
  (changed: Extension) =>
  (tbs: TBSCertificate): void => {
    const rest = list(tbs).map((one) => (one.extnID === changed.extnID ? changed : one));
    tbs.extensions = new Extensions(rest);
  };
const drop =
  (oid: string) =>
  (tbs: TBSCertificate): void => {
    tbs.extensions = new Extensions(list(tbs).filter(({ extnID }) => extnID !== oid));
  };
const mark =
  (oid: string, critical: boolean) =>
  (tbs: TBSCertificate): void => {
    for (const one of list(tbs)) if (one.extnID === oid) one.critical = critical;
  };
const subject =
  (...attributes: Record<string, { utf8String: string }[]>[]) =>
  (tbs: TBSCertificate): void => {
    tbs.subject = readDer(new Uint8Array(new NameWriter(attributes).toArrayBuffer()), Name);
  };
const text = (value: string) => [{ utf8String: value }];
const [cn, ou, o, l, c] = [
  { CN: text('Labels') },
  { OU: text('P-000042') },
  { O: text('Felt') },
  { L: text('Kochkor') },
  { C: text('KG') },
];
const until =
  (end: string) =>
  (tbs: TBSCertificate): void => {
    tbs.validity.notAfter = new Time(new Date(end));
  };
const serial =
  (...bytes: number[]) =>
  (tbs: TBSCertificate): void => {
    tbs.serialNumber = Uint8Array.from(bytes).buffer;
  };
const period = (from: string, to: string): Extension => make.privateKeyUsagePeriod(new Date(from), new Date(to));
const raw = (extnID: string, value: object): Extension =>
  new Extension({ extnID, critical: false, extnValue: new OctetString(writeDer(value)) });

describe('the linter', () => {
  it.each(Object.keys(certificates) as LintProfile[])('finds nothing in a right certificate: %s', (profile) => {
    expect(rulesOf(profile, () => undefined)).toEqual([]);
  });

  it.each<[string, LintProfile, string[], (tbs: TBSCertificate) => void]>([
    ['version 1', 'root', ['version'], (tbs) => (tbs.version = Version.v2)],
    ['a serial of 8 bytes', 'label-signer', ['serial'], serial(1, 2, 3, 4, 5, 6, 7, 8)],
    ['a serial of 17 bytes', 'label-signer', ['serial'], serial(...Array.from({ length: 17 }, () => 0x11))],
    [
      'ECDSA with SHA-384',
      'label-signer',
      ['signature-algorithm'],
      (tbs) => (tbs.signature = new AlgorithmIdentifier({ algorithm: oids.ecdsaWithSha384 })),
    ],
    ['another issuer name', 'label-signer', ['issuer-name'], (tbs) => (tbs.issuer = tbs.subject)],
    ['a unique identifier', 'label-signer', ['unique-id'], (tbs) => (tbs.subjectUniqueID = Uint8Array.of(1).buffer)],
    ['a root of 31 years', 'root', ['validity-length'], until('2057-01-01T00:00:00Z')],
    ['a country CA of 19 years', 'country-ca', ['validity-length'], until('2045-01-01T00:00:00Z')],
    ['a bundle signer of 3 years', 'bundle-signer', ['validity-length'], until('2029-01-01T00:00:00Z')],
    ['a leaf of 12 years', 'label-signer', ['validity-length'], until('2038-07-01T00:00:00Z')],
    [
      'an end beyond the issuer',
      'label-signer',
      ['validity-nesting', 'validity-length'],
      until('2046-07-01T00:00:00Z'),
    ],
    [
      'a window of 13 months',
      'label-signer',
      ['signing-window'],
      put(period('2026-07-01T00:00:00Z', '2027-08-01T00:00:00Z')),
    ],
    [
      'a window of 5 months',
      'label-signer',
      ['signing-window'],
      put(period('2026-07-01T00:00:00Z', '2026-12-01T00:00:00Z')),
    ],
    [
      'a window before the certificate',
      'label-signer',
      ['signing-window'],
      put(period('2026-06-01T00:00:00Z', '2027-01-01T00:00:00Z')),
    ],
    ['no organisation', 'label-signer', ['subject-attributes'], subject(cn, ou, l, c)],
    ['attributes out of order', 'label-signer', ['subject-attributes'], subject(cn, o, ou, l, c)],
    ['a locality in a CA', 'country-ca', ['subject-attributes'], subject(cn, o, l, c)],
    ['no village', 'label-signer', ['subject-incomplete'], subject(cn, ou, o, c)],
    [
      'a common name of 65 characters',
      'label-signer',
      ['subject-value'],
      subject({ CN: text('x'.repeat(65)) }, ou, o, l, c),
    ],
    ['a country that is not the scope', 'label-signer', ['subject-country'], subject(cn, ou, o, l, { C: text('TJ') })],
    ['a country in small letters', 'bundle-signer', ['subject-country'], subject(cn, o, { C: text('kg') })],
    ['another producer', 'label-signer', ['subject-producer'], subject(cn, { OU: text('P-1') }, o, l, c)],
    [
      'CA:TRUE in a leaf',
      'label-signer',
      ['basic-constraints'],
      put(make.basicConstraints({ ca: true, pathLength: 0 })),
    ],
    [
      'path length 1 in a country CA',
      'country-ca',
      ['basic-constraints'],
      put(make.basicConstraints({ ca: true, pathLength: 1 })),
    ],
    ['CA:FALSE in a root', 'root', ['basic-constraints'], put(make.basicConstraints({ ca: false }))],
    ['keyCertSign in a leaf', 'label-signer', ['key-usage'], put(make.keyUsage('digitalSignature', 'keyCertSign'))],
    ['no cRLSign in a CA', 'country-ca', ['key-usage'], put(make.keyUsage('keyCertSign'))],
    [
      'the purpose of another profile',
      'label-signer',
      ['extended-key-usage'],
      put(make.extendedKeyUsage(oids.bundleSigning)),
    ],
    ['an extension too few', 'label-signer', ['extension-missing'], drop(oids.cRLDistributionPoints)],
    ['no LabelScope', 'label-signer', ['extension-missing'], drop(oids.labelScope)],
    [
      'a scope in the root',
      'root',
      ['extension-unknown'],
      (tbs) => (tbs.extensions = new Extensions([...list(tbs), make.labelScope(LEAF_SCOPE)])),
    ],
    ['keyUsage that is not critical', 'label-signer', ['criticality'], mark(oids.keyUsage, false)],
    ['a LabelScope that is not critical', 'country-ca', ['criticality'], mark(oids.labelScope, false)],
    ['a critical subject key identifier', 'root', ['criticality'], mark(oids.subjectKeyIdentifier, true)],
    [
      "another key's identifier",
      'root',
      ['subject-key-identifier'],
      put(make.subjectKeyIdentifier(leaf.signer.publicKey)),
    ],
    [
      "another issuer's identifier",
      'label-signer',
      ['authority-key-identifier'],
      put(make.authorityKeyIdentifier(leaf.signer.publicKey)),
    ],
    [
      'an authority identifier without a key',
      'label-signer',
      ['authority-key-identifier'],
      put(raw(oids.authorityKeyIdentifier, new AuthorityKeyIdentifier())),
    ],
    [
      'a scope wider than the issuer',
      'label-signer',
      ['scope-wider'],
      put(make.labelScope({ ...LEAF_SCOPE, gtinPrefixes: ['9'] })),
    ],
    ['an empty scope', 'label-signer', ['scope-empty'], put(make.labelScope({ ...LEAF_SCOPE, hosts: [] }))],
    ['a producer in a country CA', 'country-ca', ['scope-producer'], put(make.labelScope({ ...LEAF_SCOPE }))],
    [
      'a CRL at an ftp address',
      'label-signer',
      ['crl-distribution-point'],
      put(make.cRLDistributionPoint('ftp://pki.example.org/kg.crl')),
    ],
  ])('finds %s', (_, profile, rules, change) => {
    expect(rulesOf(profile, change)).toEqual(rules);
  });

  it('finds a key that is not on P-256', () => {
    const found = rulesOf('label-signer', (tbs) => {
      tbs.subjectPublicKeyInfo.algorithm.algorithm = '1.2.840.113549.1.1.1';
    });
    expect(found).toEqual(['public-key']);
  });

  it('finds an end that is written in the wrong type of time', () => {
    const utc = rulesOf('root', (tbs) => {
      const { notAfter } = tbs.validity;
      notAfter.utcTime = new Date('2046-01-01T00:00:00Z');
      delete notAfter.generalTime;
    });
    expect(utc).toEqual(['validity-length']);
    const general = rulesOf('bundle-signer', (tbs) => {
      const { notAfter } = tbs.validity;
      delete notAfter.utcTime;
      notAfter.generalTime = new Date('2028-01-01T00:00:00Z');
    });
    expect(general).toEqual(['time-encoding']);
  });

  it('says that what is no TBSCertificate is none', () => {
    expect(lintTbs(Uint8Array.of(0x30, 0), 'root').map(({ rule }) => rule)).toEqual(['encoding']);
  });
});
