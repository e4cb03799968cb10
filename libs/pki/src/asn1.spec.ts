import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { OctetString } from '@peculiar/asn1-schema';
import { ExtendedKeyUsage, Extension, Name, Time } from '@peculiar/asn1-x509';
import { X509Certificate as PeculiarCertificate } from '@peculiar/x509';
import fc from 'fast-check';
import {
  decodeLabelScope,
  encodeLabelScope,
  oids,
  parseCertificate,
  parseCrl,
  readCertificates,
  readCrls,
  toKeyObject,
} from '#pki';
import { buildPki } from '../test/authority.js';
import { forgeChain, forgeCrl } from '../test/forge.js';
import { BigInteger, dotted, mendOids, readDer, serialText, unsigned, writeDer } from './asn1.js';
import { encodeName } from './name.js';
import { nameText } from './name-text.js';

const folder = new URL('../../label/test-data/', import.meta.url);
const file = (name: string): Buffer => readFileSync(new URL(name, folder));
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('DER', () => {
  it('is read as it was written', () => {
    const numbers = fc.bigInt({ min: 0n, max: 1n << 160n });
    fc.assert(fc.property(numbers, (n) => readDer(writeDer(new BigInteger(n)), BigInteger).value === n));
    fc.assert(fc.property(numbers, (n) => serialText(unsigned(n.toString(16))) === n.toString(16)));
    const dates = fc.date({ min: new Date('1950-01-01'), max: new Date('2150-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        dates,
        (date) =>
          Math.floor(date.getTime() / 1000) * 1000 ===
          readDer(writeDer(new Time(date)), Time)
            .getTime()
            .getTime(),
      ),
    );
  });

  it('holds object identifiers with arcs of any size, UUID arcs among them', () => {
    const roundTrip = (extnID: string): string => {
      const der = writeDer(new Extension({ extnID, extnValue: new OctetString() }));
      return readDer(der, Extension, (read) => mendOids([read])).extnID;
    };
    // Between 2^49 and 2^56 the library can not write an arc; a certificate that has one is refused.
    const arc = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 49n) - 1n }), fc.bigInt({ min: 1n << 56n, max: 1n << 128n }));
    const arcs = fc.array(arc, { maxLength: 5 });
    fc.assert(
      fc.property(arcs, (more) => roundTrip(['2', '25', ...more].join('.')) === ['2', '25', ...more].join('.')),
    );
    expect(roundTrip(oids.labelScope)).toBe(oids.labelScope);
    const whole = writeDer(new Extension({ extnID: oids.labelScope, extnValue: new OctetString() }));
    expect(() => readDer(whole, Extension)).toThrow(/malformed/);
  });

  it.each([
    ['nothing', ''],
    ['a length cut short', '3082'],
    ['content cut short', '300301'],
    ['something after it', '300000'],
    ['an indefinite length', '30800000'],
    ['a long length for a short one', '308100'],
    ['a long tag', '1f8101'],
    ['boundless nesting', '3080'.repeat(100_000)],
  ])('is refused with %s', (_, bytes) => {
    expect(() => readDer(hex(bytes), Name)).toThrow(/malformed DER/);
  });

  it('refuses integers, identifiers and times that are not canonical', () => {
    for (const bytes of ['02020001', '0200']) expect(() => readDer(hex(bytes), BigInteger)).toThrow(/malformed/);
    for (const bytes of ['0001', '', 'ff', '80']) {
      expect(() => serialText(Uint8Array.from(hex(bytes)).buffer)).toThrow(/serial/);
    }
    for (const bytes of ['300406028001', '3003060181', '300c060a80818181818181818101']) {
      expect(() => readDer(hex(bytes), ExtendedKeyUsage, (read) => read.splice(0, 9, ...read.map(dotted)))).toThrow(
        /malformed/,
      );
    }
    for (const text of ['260230000000Z', '261301000000Z', '2609010000Z', '260901000000', '260901240000Z']) {
      const bytes = Buffer.concat([Uint8Array.of(0x17, text.length), Buffer.from(text)]);
      expect(() => readDer(bytes, Time)).toThrow(/malformed/);
    }
  });
});

describe('certificates', () => {
  const der = new X509Certificate(file('signer1.pem')).raw;

  it('are read as others read them', () => {
    const own = parseCertificate(der);
    const [node, peculiar] = [new X509Certificate(der), new PeculiarCertificate(der)];
    expect(own.fingerprint).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(own.serialNumber).toBe(node.serialNumber.toLowerCase());
    expect(own.subjectText).toBe(node.subject.replaceAll('\n', ', '));
    expect([own.notBefore, own.notAfter]).toEqual([peculiar.notBefore, peculiar.notAfter]);
    expect(toKeyObject(own.publicKey).equals(node.publicKey)).toBe(true);
  });

  it('never make the reader do anything but throw, whatever is changed in them', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(der);
        changed[at] = byte;
        try {
          parseCertificate(changed);
        } catch (error) {
          expect(error).toHaveProperty('code', 'invalid');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never make the reader do anything but throw, when they are CRLs or no structure at all', () => {
    const [crl] = readCrls(file('kg.crl.pem'));
    const original = crl?.der ?? der;
    const changed = fc
      .tuple(fc.nat(original.length - 1), fc.nat(255))
      .map(([at, byte]) => original.map((old, i) => (i === at ? byte : old)));
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array()), (bytes) => {
        try {
          parseCrl(bytes);
        } catch (error) {
          expect(error).toHaveProperty('code', 'invalid');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('name their holder as written, quotation marks and all', () => {
    const name = { commonName: '#1', organisation: 'ОсОО "Ак-Кол", А+Б', country: 'KG' };
    expect(nameText(readDer(encodeName(name), Name))).toBe('CN=\\#1, O=ОсОО \\"Ак-Кол\\"\\, А\\+Б, C=KG');
  });

  it('stay revoked in a CRL without an end', () => {
    const { root, ca } = forgeChain();
    const crl = forgeCrl(root, { nextUpdate: undefined, revoked: { of: ca.certificate, at: new Date(0) } });
    expect([...crl.revoked.keys()]).toEqual([ca.certificate.serialNumber]);
  });

  it('come in PEM, several to a file, and in DER', () => {
    const both = Buffer.concat([file('root.pem'), Buffer.from('\r\nsome words\n'), file('kg-ca.pem')]);
    expect(readCertificates(both).map(({ subjectText }) => subjectText)).toEqual([
      'CN=OVOP TEST Root CA, O=OVOP TEST, C=KG',
      'CN=OVOP TEST KG Issuing CA, O=OVOP TEST KG, C=KG',
    ]);
    expect(readCertificates(der)).toHaveLength(1);
    const [crl] = readCrls(file('kg.crl.pem'));
    expect(crl?.revoked.get('4c04')).toEqual({ revokedAt: new Date('2026-09-10T00:00:00Z'), reason: 'keyCompromise' });
    expect(crl && readCrls(crl.der)).toHaveLength(1);
    expect(
      crl &&
        readCrls(Buffer.from(`-----BEGIN CRL-----\n${Buffer.from(crl.der).toString('base64')}\n-----END CRL-----`)),
    ).toHaveLength(1);
  });

  it.each([
    ['something else', 'hello', /neither DER nor PEM/],
    ['a CRL', file('kg.crl.pem').toString(), /CERTIFICATE expected, X509 CRL found/],
    ['half a file', file('root.pem').toString().slice(0, 300), /cut short/],
    ['half a second one', file('root.pem').toString() + file('kg-ca.pem').toString().slice(0, 300), /cut short/],
    ['a damaged one', file('root.pem').toString().replace('MII', 'MIJ'), /malformed DER/],
  ])('are refused from %s', (_, text, message) => {
    expect(() => readCertificates(Buffer.from(text))).toThrow(message);
  });

  it('are not CRLs', () => {
    expect(() => parseCrl(der)).toThrow(/malformed/);
    expect(() => parseCertificate(buildPki().crls[0]?.der ?? der)).toThrow(/malformed/);
  });
});

describe('LabelScope', () => {
  const scope = { country: '417', gtinPrefixes: ['9521234543'], hosts: ['q.example.org'], producerId: 'P-000042' };
  const reference =
    '30310201011303343137300c160a39353231323334353433300f160d712e6578616d706c652e6f72678008502d303030303432';

  it('has the DER of the reference certificate', () => {
    expect(Buffer.from(encodeLabelScope(scope)).toString('hex')).toBe(reference);
    expect(decodeLabelScope(hex(reference))).toEqual(scope);
    const { producerId: _, ...country } = scope;
    expect(decodeLabelScope(encodeLabelScope(country))).toEqual(country);
  });

  it.each([
    ['another version', reference.replace('020101', '020102')],
    ['a country in letters', reference.replace('343137', '4b475a')],
    ['a host in capitals', reference.replace('712e65', '512e65')],
    ['a prefix that is no number', reference.replace('39353231', '39353241')],
    ['another string type', reference.replace('1303343137', '0c03343137')],
    ['more than it defines', `${reference.replace('3031', '3034')}020101`],
  ])('is refused with %s', (_, der) => {
    expect(() => decodeLabelScope(hex(der))).toThrow(/malformed/);
  });

  it('is refused before it is written wrongly', () => {
    expect(() => encodeLabelScope({ ...scope, country: 'KG' })).toThrow(RangeError);
    expect(() => encodeLabelScope({ ...scope, hosts: ['Q.example.org'] })).toThrow(RangeError);
    expect(() => encodeLabelScope({ ...scope, gtinPrefixes: [''] })).toThrow(RangeError);
  });
});
