import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { iatOf, newSerial, parseLabelUri, signingInput, verifyLabel } from '#label';
import { createTrustStore, openBundle, packSerials, parseCertificate, unpackSerials } from '#pki';
import { createBundle, prepareLabelRun, signLabel, type Authority, type BundleContent } from '#pki/sign';
import { buildPki, crlOf, LEAF_SCOPE, NOW } from '../test/authority.js';

const pki = buildPki();
const root = pki.root.certificate;
const pinnedKeys = new Set([root.keyHash]);
const GTIN = '09521234543213';
const content: BundleContent = {
  seq: 12,
  issuedAt: NOW,
  roots: [root.der],
  certificates: [pki.country.certificate.der, pki.leaf.certificate.der],
  crls: pki.crls.map(({ der }) => der),
  hosts: ['q.example.org'],
  voids: [{ gtin: GTIN, serial: '7KQ4M9XW2V' }],
  recalls: [{ gtin: GTIN, lot: 'L2609B' }],
  catalogue: { [GTIN]: { product: 'Шырдак', producer: 'Кызыл-Тоо' } },
};
const jws = createBundle(content, pki.bundle, root);
const label = (serial = '7KQ4M9XW2T', lot = 'L2609A'): string => {
  const run = prepareLabelRun(
    { host: 'q.example.org', gtin: GTIN, lot, attributes: { '422': '417' } },
    { kid: pki.leaf.certificate.kid, iat: iatOf(NOW) },
  );
  return signLabel(run.prepare(serial), pki.leaf.signer).uri;
};

/** The same bundle with one part of its JSON changed, signed again by whoever is given. */
function resign(change: { header?: object; payload?: object }, by: Authority = pki.bundle): string {
  const [head = '', body = ''] = jws.split('.');
  const alter = (part: string, by_: object = {}): string =>
    Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(part, 'base64url').toString()), ...by_ })).toString(
      'base64url',
    );
  const input = `${alter(head, change.header)}.${alter(body, change.payload)}`;
  return `${input}.${Buffer.from(by.signer.sign(Buffer.from(input))).toString('base64url')}`;
}
const x5c = (...chain: Authority[]): { header: { x5c: string[] } } => ({
  header: { x5c: chain.map(({ certificate }) => Buffer.from(certificate.der).toString('base64')) },
});

describe('a trust bundle', () => {
  it('is all that a verifier needs', async () => {
    const bundle = openBundle(jws, { pinnedKeys });
    const store = createTrustStore(bundle);
    const verdict = await verifyLabel(label(), store, NOW);
    expect(verdict.code).toBe('VALID');
    expect(verdict.facts).toMatchObject({
      bundle: { seq: 12, nextUpdate: '2026-10-20T00:00:00.000Z', ageDays: 0 },
      catalogue: { product: 'Шырдак' },
    });
    expect((await verifyLabel(label('7KQ4M9XW2V'), store, NOW)).code).toBe('LABEL_VOID');
    expect((await verifyLabel(label('7KQ4M9XW2T', 'L2609B'), store, NOW)).code).toBe('RECALLED');
    expect(store.crlNumbers().get(pki.country.certificate.keyHash)).toBe(1n);
  });

  it('grows stale, then expires, its CRLs lasting as long', async () => {
    const store = createTrustStore(openBundle(jws, { pinnedKeys }));
    const after = (days: number): Promise<string> =>
      verifyLabel(label(), store, new Date(NOW.getTime() + days * 86_400_000)).then(({ code }) => code);
    expect([await after(30), await after(31), await after(90), await after(91)]).toEqual([
      'VALID',
      'VALID_STALE_TRUST',
      'VALID_STALE_TRUST',
      'TRUST_EXPIRED',
    ]);
  });

  it('is opened on first use with its own roots, and pinned afterwards', () => {
    const first = openBundle(jws, { pinnedKeys: 'first-use' });
    expect(first.pinnedKeys).toEqual(pinnedKeys);
    expect(() => openBundle(jws, { pinnedKeys: new Set(['00']) })).toThrow(/pinned root/);
  });

  it('never goes back to an older one', () => {
    expect(openBundle(jws, { pinnedKeys, lastSeq: 12 }).bundle.seq).toBe(12);
    expect(() => openBundle(jws, { pinnedKeys, lastSeq: 13 })).toThrow(
      'the trust bundle 12 is older than 13, already seen',
    );
  });

  it('is refused when anything in it is changed or missing', () => {
    for (let at = 0; at < jws.length; at += 211) {
      const put = jws.charAt(at) === 'A' ? 'B' : 'A';
      expect(() => openBundle(jws.slice(0, at) + put + jws.slice(at + 1), { pinnedKeys })).toThrow();
    }
    for (const cut of [0, 1, 100, jws.length - 90, jws.length - 1]) {
      expect(() => openBundle(jws.slice(0, cut), { pinnedKeys })).toThrow(/trust bundle is damaged, cut short/);
    }
  });

  it.each([
    ['no bundle at all', 'hello', /three parts/],
    ['another type', resign({ header: { typ: 'JWT' } }), /header is wrong at "typ"/],
    ['another algorithm', resign({ header: { alg: 'none' } }), /header is wrong at "alg"/],
    ['a critical header', resign({ header: { crit: ['b64'] } }), /header is wrong at "crit"/],
    ['no seq', resign({ payload: { seq: undefined } }), /content is wrong at "seq"/],
    ['an end before its beginning', resign({ payload: { nextUpdate: NOW.toISOString() } }), /ends before it begins/],
    ['a broken certificate', resign({ payload: { certificates: ['MIIB'] } }), /malformed DER/],
    ['broken voids', resign({ payload: { voids: { [GTIN]: { bits: 40, count: 9, packed: 'AAAA' } } } }), /cut short/],
    [
      'a label signer as its signer',
      resign(x5c(pki.leaf, pki.country, pki.root), pki.leaf),
      /can not be confirmed: extended-key-usage/,
    ],
    ['a country CA as its signer', resign(x5c(pki.country, pki.root), pki.country), /can not be confirmed: ca-as-leaf/],
    ['a signer without its root', resign(x5c(pki.bundle)), /pinned root/],
    ['no CRL of the root', resign({ payload: { crls: [] } }), /can not be confirmed: crl-missing/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => openBundle(text, { pinnedKeys })).toThrow(message);
  });

  it('is refused when its signer is revoked', () => {
    const { serialNumber } = pki.bundle.certificate;
    const crl = crlOf(pki.root, [{ serialNumber, revokedAt: NOW, reason: 'keyCompromise' }], 2n);
    const revoked = { ...content, crls: [crl.der, ...content.crls.slice(1)] };
    expect(() => createBundle(revoked, pki.bundle, root)).toThrow(/can not be confirmed: keyCompromise/);
  });

  it('can not bring in a root of its own', async () => {
    const other = buildPki();
    const mixed = {
      ...content,
      roots: [root.der, other.root.certificate.der],
      certificates: [other.country.certificate.der, other.leaf.certificate.der],
      crls: [...content.crls, ...other.crls.map(({ der }) => der)],
    };
    const store = createTrustStore(openBundle(createBundle(mixed, pki.bundle, root), { pinnedKeys }));
    const run = prepareLabelRun(
      { host: 'q.example.org', gtin: GTIN, attributes: {} },
      { kid: other.leaf.certificate.kid, iat: iatOf(NOW) },
    );
    const { uri } = signLabel(run.prepare('7KQ4M9XW2T'), other.leaf.signer);
    expect((await verifyLabel(uri, store, NOW)).code).toBe('CHAIN_INVALID');
  });
});

describe('void lists', () => {
  it('are unpacked to what was packed', () => {
    const serial = fc.oneof(
      fc.uint8Array({ minLength: 7, maxLength: 7 }).map(newSerial),
      fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10,12}$/),
    );
    fc.assert(
      fc.property(fc.array(serial, { maxLength: 50 }), (serials) =>
        expect(unpackSerials(packSerials(serials))).toEqual(new Set(serials)),
      ),
    );
    const edges = ['0000000000', '0000000001', 'ZZZZZZZZZZ'];
    expect(unpackSerials(packSerials(edges))).toEqual(new Set(edges));
  });

  it('hold 100,000 labels in a bundle of less than a megabyte', () => {
    const gtins = Array.from({ length: 20 }, (_, i) => `0952123${String(i).padStart(7, '0')}`);
    const random = randomBytes(700_000);
    const voids = Array.from({ length: 100_000 }, (_, i) => ({
      gtin: gtins[i % 20] ?? GTIN,
      serial: newSerial(random.subarray(7 * i, 7 * i + 7)),
    }));
    const big = createBundle({ ...content, voids }, pki.bundle, root);
    expect(big.length).toBeLessThan(1_000_000);
    const store = createTrustStore(openBundle(big, { pinnedKeys }));
    expect(voids.every(({ gtin, serial }) => store.isVoid(gtin, serial))).toBe(true);
  });
});

describe('verifying', () => {
  it('costs little more than the raw signature, the chain being known', async () => {
    const store = createTrustStore(openBundle(jws, { pinnedKeys }));
    const uri = label();
    const read = parseLabelUri(uri);
    if ('badFormat' in read || read.signature === undefined) throw new Error(uri);
    const { signature } = read.signature;
    const input = signingInput(read, read.signature);
    const key = { key: pki.leaf.signer.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const time = async (work: () => unknown): Promise<number> => {
      const start = process.hrtime.bigint();
      for (let i = 0; i < 800; i++) await work();
      return Number(process.hrtime.bigint() - start);
    };
    const ratios: number[] = [];
    for (let i = 0; i < 5; i++) {
      const raw = await time(() => verify('sha256', input, key, signature));
      ratios.push(raw / (await time(() => verifyLabel(uri, store, NOW))));
    }
    expect(Math.max(...ratios)).toBeGreaterThan(0.5);
  });

  it('never takes another kind of key for ES256', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const [certificate] = openBundle(jws, { pinnedKeys }).certificates;
    if (certificate === undefined) throw new Error('no certificate');
    const store = createTrustStore({
      hosts: [],
      roots: [],
      crls: [],
      certificates: [{ ...certificate, publicKey: { spki } }],
    });
    expect(await store.certificates(certificate.kid)[0]?.verify(new Uint8Array(3), new Uint8Array(64))).toBe(false);
    expect(parseCertificate(certificate.der).scope?.hosts).toEqual(LEAF_SCOPE.hosts);
  });
});
