import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { iatOf, verifyLabel } from '#label';
import { createPathValidator, createTrustStore, oids, openBundle, readCertificates, readCrls, type Crl } from '#pki';
import { createBundle, prepareLabelRun, signLabel } from '#pki/sign';
import { describeWith } from '../../../test/support/require.js';
import { buildPki, NOW } from '../test/authority.js';
import { forgeChain, forgeCrl, newKey, rsaKey, rsaSha256, sha1 } from '../test/forge.js';
import { openVerifierPage, type VerifierPage } from '../test/in-browser.js';
import { crlsOf, ISSUED, type Three } from '../test/judge.js';

const sha384 = { oid: oids.ecdsaWithSha384, hash: 'sha384' };
const revokedLeaf = (chain: Three): Crl[] => [
  forgeCrl(chain.root),
  forgeCrl(chain.ca, { revoked: { of: chain.leaf.certificate, at: ISSUED } }),
];
const gzipLimit = 61_440;
const root = join(import.meta.dirname, '..', '..', '..');
const folder = new URL('../../label/test-data/', import.meta.url);
const file = (name: string): Buffer => readFileSync(new URL(name, folder));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

const vector = z.object({ id: z.string(), uri: z.string(), expect: z.string(), at: z.iso.datetime() });
const { vectors, hosts } = z
  .object({ hosts: z.array(z.string()), vectors: z.array(vector) })
  .parse(JSON.parse(file('vectors.json').toString()));

interface Question {
  readonly uri: string;
  readonly at: string;
}

const filesInPage = `
  const all = (files, read) => files.flatMap((file) => read(bytes(file)));
  const store = verifier.createTrustStore({
    hosts: input.hosts,
    roots: all(input.roots, verifier.readCertificates),
    certificates: all(input.certificates, verifier.readCertificates),
    crls: all(input.crls, verifier.readCrls),
  });`;
const verdictsInPage = `
  const verdicts = [];
  for (const { uri, at } of input.questions)
    verdicts.push(await verifier.verifyLabel(uri, store, new Date(at), { language: 'ky' }));
  return verdicts;`;
const bundleInPage = `
  const options = { ...input.options, pinnedKeys: new Set(input.options.pinnedKeys) };
  const store = verifier.createTrustStore(await verifier.openBundle(input.jws, options));`;

describeWith('browser', 'the verifier in a browser', () => {
  let built: string;
  let output: string;
  let page: VerifierPage;

  beforeAll(async () => {
    built = join(mkdtempSync(join(tmpdir(), 'ovop-trace-web-')), 'ovop-verify.js');
    output = execFileSync(process.execPath, [join(root, 'scripts', 'web-bundle.mjs'), built], { encoding: 'utf8' });
    page = await openVerifierPage(built);
    await page.goOffline();
  });
  afterAll(async () => {
    await page?.close();
    rmSync(join(built, '..'), { recursive: true, force: true });
  });

  it('is small enough for a phone on a slow line, and build:web says how small', () => {
    const text = readFileSync(built);
    const gzip = gzipSync(text, { level: 9 }).length;
    expect(gzip).toBeLessThan(gzipLimit);
    expect(output).toContain(`${text.length} bytes, ${gzip} in gzip`);
  });

  it('gives every vector of the label profile its verdict, and the very words of Node.js', async () => {
    const parts = {
      roots: [file('root.pem')],
      certificates: ['kg-ca.pem', 'signer1.pem', 'signer2-revoked.pem'].map(file),
      crls: ['root.crl.pem', 'kg.crl.pem'].map(file),
    };
    const store = createTrustStore({
      hosts,
      roots: parts.roots.flatMap((part) => readCertificates(part)),
      certificates: parts.certificates.flatMap((part) => readCertificates(part)),
      crls: parts.crls.flatMap((part) => readCrls(part)),
    });
    const inNode = await Promise.all(
      vectors.map(({ uri, at }) => verifyLabel(uri, store, new Date(at), { language: 'ky' })),
    );
    const texts = Object.entries(parts).map(([name, list]) => [name, list.map(base64)]);
    const input = { hosts, ...Object.fromEntries(texts), questions: vectors };
    const inBrowser = await page.run(filesInPage + verdictsInPage, input);
    expect(inNode.map(({ code }) => code)).toEqual(vectors.map(({ expect: code }) => code));
    expect(vectors).toHaveLength(15);
    expect(inBrowser).toEqual(plain(inNode));
  });

  describe('with a trust bundle', () => {
    const pki = buildPki();
    const gtin = '09521234543213';
    const jws = createBundle(
      {
        ...{ seq: 12, issuedAt: NOW, hosts: ['q.example.org'] },
        roots: [pki.root.certificate.der],
        certificates: [pki.country.certificate.der, pki.leaf.certificate.der],
        crls: pki.crls.map(({ der }) => der),
        voids: [{ gtin, serial: '7KQ4M9XW2V' }],
        recalls: [{ gtin, lot: 'L2609B' }],
        catalogue: { [gtin]: { product: 'Шырдак', producer: 'Кызыл-Тоо' } },
      },
      pki.bundle,
      pki.root.certificate,
    );
    const options = { pinnedKeys: [pki.root.certificate.keyHash] };
    const label = (serial = '7KQ4M9XW2T', lot = 'L2609A', country = '417', issuedOn = NOW): string => {
      const run = prepareLabelRun(
        { host: 'q.example.org', gtin, lot, attributes: { '422': country } },
        { kid: pki.leaf.certificate.kid, iat: iatOf(issuedOn) },
      );
      return signLabel(run.prepare(serial), pki.leaf.signer).uri;
    };
    const compare = async (questions: readonly Question[]): Promise<string[]> => {
      const store = createTrustStore(openBundle(jws, { pinnedKeys: new Set(options.pinnedKeys) }));
      const inNode = await Promise.all(
        questions.map(({ uri, at }) => verifyLabel(uri, store, new Date(at), { language: 'ky' })),
      );
      expect(await page.run(bundleInPage + verdictsInPage, { jws, options, questions })).toEqual(plain(inNode));
      return inNode.map(({ code }) => code);
    };

    it('comes to the same verdicts as Node.js', async () => {
      const uris = [
        ...[label(), label('7KQ4M9XW2V'), label('7KQ4M9XW2T', 'L2609B'), label('7KQ4M9XW2T', 'L2609A', '398')],
        ...[label('7KQ4M9XW2T', 'L2609A', '417', later(40)), label('7KQ4M9XW2T', 'L2609A', '417', later(-300))],
        ...[label().replace('/10/L', '/10/M'), label().replace('q.example.org', 'p.example.org')],
        ...[label().replace(/&s=.*/, ''), label().replace('&s=Ad', '&s=Ae'), label().replace('&s=Ad', '&s=Bd')],
      ];
      const questions = uris.flatMap((uri) => [0, 3, 31, 91].map((days) => ({ uri, at: later(days).toISOString() })));
      expect(new Set(await compare(questions)).size).toBeGreaterThanOrEqual(10);
    });

    it('judges every damage to a label as Node.js does', async () => {
      const uri = label();
      const other = (character: string): string => (character === '7' ? '8' : '7');
      const questions = Array.from(uri, (character, at) => ({
        uri: uri.slice(0, at) + other(character) + uri.slice(at + 1),
        at: NOW.toISOString(),
      }));
      expect(await compare(questions)).not.toContain('VALID');
    });

    it.each([
      ['cut short', jws.slice(0, -5), options],
      [
        'with another signature',
        jws.replace(/[^.]+$/, (text) => text.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))),
        options,
      ],
      ['older than the last seen', jws, { ...options, lastSeq: 13 }],
      ['of a stranger', jws, { pinnedKeys: ['00'.repeat(32)] }],
      ['that is none', 'hello', options],
    ])('refuses a bundle %s for the same reason', async (_, text, given) => {
      const body = `try { ${bundleInPage} return 'opened'; } catch (error) { return error.message; }`;
      const inBrowser = await page.run(body, { jws: text, options: given });
      expect(inBrowser).not.toBe('opened');
      expect(() => openBundle(text, { ...given, pinnedKeys: new Set(given.pinnedKeys) })).toThrow(String(inBrowser));
    });
  });

  it.each<[string, Three, ((chain: Three) => Crl[])?]>([
    ['a sound one', forgeChain()],
    [
      'P-384 with SHA-384',
      forgeChain({ root: { key: newKey('P-384'), algorithm: sha384 }, ca: { algorithm: sha384 } }),
    ],
    ['P-384 for a label', forgeChain({ leaf: { key: newKey('P-384') } })],
    ['P-521', forgeChain({ ca: { key: newKey('P-521') } })],
    ['RSA', forgeChain({ ca: { key: rsaKey() }, leaf: { algorithm: rsaSha256 } })],
    ['SHA-1', forgeChain({ leaf: { algorithm: sha1 } })],
    ['another key', forgeChain({ leaf: { signedBy: newKey() } })],
    ['an expired CA', forgeChain({ ca: { notAfter: ISSUED } })],
    [
      'a CRL by another key',
      forgeChain(),
      (chain) => [forgeCrl(chain.root), forgeCrl(chain.ca, { signedBy: newKey() })],
    ],
    ['a revoked leaf', forgeChain(), revokedLeaf],
    ['no CRLs', forgeChain(), () => []],
  ])('judges a path as Node.js does: %s', async (_, chain, crlsFor = crlsOf) => {
    const [roots, certificates] = [[chain.root.certificate], [chain.ca.certificate, chain.leaf.certificate]];
    const crls = crlsFor(chain);
    const paths = createPathValidator({ roots, certificates, crls });
    const ders = (list: readonly { der: Uint8Array }[]): string[] => list.map(({ der }) => base64(der));
    const input = { hosts, roots: ders(roots), certificates: ders(certificates), crls: ders(crls) };
    const [now, issued] = [NOW.toISOString(), ISSUED.toISOString()];
    const ask = `return store.certificates(input.kid)[0].path(new Date(input.now), new Date(input.issued));`;
    const { kid } = chain.leaf.certificate;
    expect(await page.run(filesInPage + ask, { ...input, kid, now, issued })).toEqual(
      plain(paths.judge(chain.leaf.certificate, NOW, ISSUED)),
    );
  });

  it('takes a key that is no point of its curve for a key that confirms nothing, as Node.js does', async () => {
    const chain = forgeChain();
    const [ca, leaf, top] = [chain.ca, chain.leaf, chain.root].map(({ certificate }) => Buffer.from(certificate.der));
    const { spki } = chain.ca.certificate.publicKey;
    const at = ca?.indexOf(Buffer.from(spki)) ?? -1;
    ca?.writeUInt8((spki.at(-1) ?? 0) ^ 1, at + spki.length - 1);
    const parts = { roots: [top], certificates: [ca, leaf], crls: crlsOf(chain).map(({ der }) => der) };
    const texts = Object.entries(parts).map(([name, list]) => [
      name,
      list.map((der) => base64(der ?? new Uint8Array())),
    ]);
    const ask = `return store.certificates(input.kid)[0].path(new Date(input.now), new Date(input.now));`;
    const { kid } = chain.leaf.certificate;
    const inBrowser = await page.run(filesInPage + ask, {
      hosts,
      ...Object.fromEntries(texts),
      kid,
      now: NOW.toISOString(),
    });
    const certificates = [ca, leaf].flatMap((der) => readCertificates(der ?? new Uint8Array()));
    const paths = createPathValidator({ roots: [chain.root.certificate], certificates, crls: crlsOf(chain) });
    expect(inBrowser).toEqual(plain(paths.judge(chain.leaf.certificate, NOW, NOW)));
    expect(inBrowser).toMatchObject({ code: 'CHAIN_INVALID', reason: 'signature' });
  });
});
