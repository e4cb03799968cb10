import { readFileSync } from 'node:fs';
import { X509Certificate, createPrivateKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { TBSCertificate } from '@peculiar/asn1-x509';
import { buildLabelUri, decodeS, encodeS, iatOf, parseLabelUri, signingInput } from '#label';
import { oids, parseCertificate, toKeyObject } from '#pki';
import {
  createLabelSigner,
  fileSigner,
  newSerialNumber,
  openKey,
  prepareLabelRun,
  rewrapKey,
  sealKey,
  signLabel,
} from '#pki/sign';
import { mendOids, readDer } from '../asn1.js';
import { readExtensions } from '../extensions.js';
import { buildPki, crlOf, labelSigner, newSigner, NOW, SCOPE } from '../../test/authority.js';
import { hasOpenssl, opensslVerify } from '../../test/openssl.js';

const pki = buildPki();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const leafDer = pki.leaf.certificate.der;

describe('issuing certificates', () => {
  it('makes what Node can read, with the extensions of section 5 and no other', () => {
    const text = [pki.root, pki.country, pki.leaf, pki.bundle].map(
      ({ certificate }) => new X509Certificate(certificate.der),
    );
    expect(text.map(({ ca }) => ca)).toEqual([true, true, false, false]);
    expect(text[2]?.verify(pki.country.signer.publicKey)).toBe(true);
    expect(pki.leaf.certificate.extensions).toMatchObject({
      basicConstraints: { ca: false },
      keyUsage: new Set(['digitalSignature']),
      labelScope: { country: '417', gtinPrefixes: ['95212345'], hosts: ['q.example.org'], producerId: 'P-000042' },
      privateKeyUsagePeriod: {
        notBefore: new Date('2026-07-01T00:00:00Z'),
        notAfter: new Date('2027-01-01T00:00:00Z'),
      },
      unknownCritical: [],
    });
    expect(pki.leaf.certificate.notAfter).toEqual(new Date('2037-01-01T00:00:00Z'));
    expect(pki.country.certificate.extensions.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(pki.root.certificate.extensions.basicConstraints).toEqual({ ca: true, pathLength: 1 });
  });

  it('encodes the extensions of the reference signer byte for byte', () => {
    const pem = readFileSync(new URL('../../../label/test-data/signer1.pem', import.meta.url), 'utf8');
    const reference = parseCertificate(new X509Certificate(pem).raw);
    const own = createLabelSigner(pki.country, {
      subject: { commonName: 'x', organisation: 'x', country: 'KG' },
      notBefore: reference.notBefore,
      notAfter: reference.notAfter,
      signingUntil: new Date('2027-01-01T00:00:00Z'),
      publicKey: toKeyObject(reference.publicKey),
      crlUrl: 'http://pki.example.org/kg.crl',
      scope: { country: '417', gtinPrefixes: ['9521234543'], hosts: ['q.example.org'], producerId: 'P-000042' },
    });
    // Two differences are meant: the issuer's key, and the OID that the reference certificate carries cut short.
    const arc1 = '06156981de9d87e3c7b0d2b1b19fabc3abe4dbe8b82101';
    const extensions = (tbs: Uint8Array): string[] =>
      readExtensions(readDer(tbs, TBSCertificate, (read) => mendOids(read.extensions)).extensions)
        .filter(({ oid }) => oid !== oids.authorityKeyIdentifier)
        .map(({ oid, critical, value }) => `${oid.startsWith('2.25') ? 'scope' : oid} ${critical} ${hex(value)}`);
    expect(extensions(own.tbs)).toEqual(extensions(reference.tbs));
    expect(hex(own.tbs)).toContain(arc1);
    expect(reference.kid).toBe('db764cedfa54c309');
  });

  it('draws serial numbers of 16 bytes that begin with 01 to 7F', () => {
    for (let first = 0; first < 256; first++) {
      const serial = newSerialNumber(new Uint8Array(16).fill(first));
      expect(serial[0]).toBeGreaterThanOrEqual(1);
      expect(serial[0]).toBeLessThanOrEqual(0x7f);
    }
  });

  it('refuses a scope wider than the issuer, a window that is too long, and a foreign issuing key', () => {
    expect(() => labelSigner(pki.country, newSigner(), { ...SCOPE, gtinPrefixes: ['95'] })).toThrow(/scope/);
    expect(() => labelSigner(pki.country, newSigner(), { ...SCOPE, hosts: ['other.example.org'] })).toThrow(/scope/);
    expect(() => labelSigner(pki.country, newSigner(), { ...SCOPE, country: '398' })).toThrow(/scope/);
    expect(() => labelSigner({ ...pki.country, signer: newSigner() }, newSigner())).toThrow(/does not belong/);
  });

  (hasOpenssl ? it : it.skip)('agrees with OpenSSL on every chain and CRL', () => {
    const chain = { root: pki.root.certificate.der, untrusted: [pki.country.certificate.der], leaf: leafDer, at: NOW };
    const [rootCrl, countryCrl] = pki.crls.map(({ der }) => der);
    if (rootCrl === undefined || countryCrl === undefined) throw new Error('no CRLs');
    expect(opensslVerify({ ...chain, crls: [rootCrl, countryCrl] })).toBe('OK');
    const bundle = { ...chain, untrusted: [], leaf: pki.bundle.certificate.der };
    expect(opensslVerify({ ...bundle, crls: [rootCrl] })).toBe('OK');
    const { serialNumber } = pki.leaf.certificate;
    const revoked = crlOf(pki.country, [{ serialNumber, revokedAt: NOW, reason: 'keyCompromise', invalidFrom: NOW }]);
    expect(opensslVerify({ ...chain, crls: [rootCrl, revoked.der] })).toMatch(/revoked/);
  });
});

describe('signing labels', () => {
  const template = {
    host: 'q.example.org',
    gtin: '09521234543213',
    lot: 'L2609A',
    attributes: { '422': '417', '13': '260901' },
  };

  it('makes the same label as the slow way, and one that verifies', () => {
    const run = prepareLabelRun(template, { kid: pki.leaf.certificate.kid, iat: iatOf(NOW) });
    const { uri } = signLabel(run.prepare('7KQ4M9XW2T'), pki.leaf.signer);
    const read = parseLabelUri(uri);
    if ('badFormat' in read || read.signature === undefined) throw new Error(uri);
    const { signature } = read.signature;
    const input = signingInput(read, run);
    const key = { key: pki.leaf.signer.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', input, key, signature)).toBe(true);
    const s = encodeS({ kid: run.kid, iat: run.iat, signature });
    expect(buildLabelUri({ ...template, serial: '7KQ4M9XW2T', s })).toBe(uri);
    expect(decodeS(s)?.kid).toBe(pki.leaf.certificate.kid);
    expect(uri.length).toBe(184);
  });

  it('refuses data that no reader would accept, and short serials', () => {
    const signer = { kid: pki.leaf.certificate.kid, iat: iatOf(NOW) };
    expect(() => prepareLabelRun({ ...template, gtin: '09521234543214' }, signer)).toThrow(/check-digit/);
    expect(() => prepareLabelRun({ ...template, attributes: { '422': '999' } }, signer)).toThrow(/value in 422/);
    expect(() => prepareLabelRun(template, signer, 'http://127.0.0.1:3000')).toThrow(/no label can be made/);
    expect(() => prepareLabelRun(template, signer).prepare('A1')).toThrow(/10 to 12/);
  });

  it('costs little more than the raw signature', () => {
    const run = prepareLabelRun(template, { kid: pki.leaf.certificate.kid, iat: iatOf(NOW) });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = fileSigner(privateKey);
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const { input } = run.prepare('7KQ4M9XW2T');
    const time = (work: () => void): number => {
      const start = process.hrtime.bigint();
      for (let i = 0; i < 1500; i++) work();
      return Number(process.hrtime.bigint() - start);
    };
    const raw = (): number => time(() => sign('sha256', input, key));
    const whole = (): number => time(() => signLabel(run.prepare('7KQ4M9XW2T'), signer));
    raw();
    whole();
    const ratios = Array.from({ length: 5 }, () => raw() / whole());
    expect(Math.max(...ratios)).toBeGreaterThan(0.55);
  });
});

describe('keys at rest', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [kek, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const sealed = sealKey(privateKey, kek, 'kg-ca');

  it('opens with the right key-encryption key and name only', () => {
    expect(
      openKey(sealed, kek, 'kg-ca').equals(createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))),
    ).toBe(true);
    expect(() => openKey(sealed, other, 'kg-ca')).toThrow(/does not open the key "kg-ca"/);
    expect(() => openKey(sealed, kek, 'kz-ca')).toThrow(/does not open/);
    expect(() => openKey(sealed.slice(0, -20), kek, 'kg-ca')).toThrow(/damaged/);
    expect(() => openKey(sealed, new Uint8Array(16), 'kg-ca')).toThrow(/32 bytes/);
  });

  it('rewraps for another key-encryption key', () => {
    const rewrapped = rewrapKey(sealed, kek, other, 'kg-ca');
    expect(openKey(rewrapped, other, 'kg-ca').equals(privateKey)).toBe(true);
    expect(() => openKey(rewrapped, kek, 'kg-ca')).toThrow(/does not open/);
  });
});
