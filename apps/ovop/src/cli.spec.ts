import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { iatOf } from '#label';
import { createBundle, prepareLabelRun, signLabel } from '#pki/sign';
import { buildPki, NOW } from '../../../libs/pki/test/authority.js';
import { runCli } from './cli.js';

const data = (name: string): string => fileURLToPath(new URL(`../../../libs/label/test-data/${name}`, import.meta.url));
const vector = z.object({ id: z.string(), uri: z.string(), expect: z.string(), at: z.string() });
const { vectors } = z
  .object({ vectors: z.array(vector) })
  .parse(JSON.parse(readFileSync(data('vectors.json'), 'utf8')));
const [valid, , , forged] = vectors;
if (valid === undefined || forged === undefined) throw new Error('no vectors');

const certificates = ['kg-ca.pem', 'signer1.pem', 'signer2-revoked.pem'].map(data).join(',');
const crls = ['root.crl.pem', 'kg.crl.pem'].map(data).join(',');
const FILES = ['--roots', data('root.pem'), '--certificates', certificates, '--crls', crls, '--hosts', 'q.example.org'];
const AT = ['--at', '2026-09-20T00:00:00Z'];

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly verdicts: string[];
}

async function ovop(args: readonly string[], input = ''): Promise<Result> {
  let [out, err] = ['', ''];
  async function* stdin(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(input);
  }
  const code = await runCli(args, {
    stdin: stdin(),
    out: (text) => (out += text),
    err: (text) => (err += text),
    now: () => NOW,
  });
  const line = z.object({ uri: z.string(), verdict: z.string(), sentence: z.string(), headline: z.string() });
  const verdicts = out.startsWith('{')
    ? out
        .trim()
        .split('\n')
        .map((text) => line.parse(JSON.parse(text)).verdict)
    : [];
  return { code, out, err, verdicts };
}

const folder = mkdtempSync(join(tmpdir(), 'ovop-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const temporary = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('ovop verify with loose files', () => {
  it.each(vectors)('says $expect for $id', async ({ uri, expect: expected, at }) => {
    const { verdicts, code, err } = await ovop(['verify', ...FILES, '--at', at, uri]);
    expect([verdicts, code, err]).toEqual([[expected], expected === 'VALID' ? 0 : 1, '']);
  });

  it('judges many, in their order, and fails when one is not valid', async () => {
    expect(await ovop(['verify', ...FILES, ...AT, valid.uri, valid.uri])).toMatchObject({
      code: 0,
      verdicts: ['VALID', 'VALID'],
    });
    expect(await ovop(['verify', ...FILES, ...AT, valid.uri, forged.uri, valid.uri])).toMatchObject({
      code: 1,
      verdicts: ['VALID', 'BAD_SIGNATURE', 'VALID'],
    });
  });

  it('reads URIs from standard input and from files, blank lines and carriage returns aside', async () => {
    const text = `${valid.uri}\r\n\n  ${forged.uri}\n`;
    expect((await ovop(['verify', ...FILES, ...AT, '-'], text)).verdicts).toEqual(['VALID', 'BAD_SIGNATURE']);
    expect((await ovop(['verify', ...FILES, ...AT, '--file', temporary('uris', text)])).verdicts).toEqual([
      'VALID',
      'BAD_SIGNATURE',
    ]);
  });

  it('gives reason, facts and a sentence in the language asked for', async () => {
    const { out } = await ovop(['verify', ...FILES, ...AT, '--lang', 'ky', 'https://q.example.org/01/1/21/A']);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'BAD_FORMAT',
      reason: 'gtin',
      facts: { field: '01', position: 25 },
      headline: 'Бул биздин системанын этикеткасы эмес',
    });
  });

  it('takes a day for a time, and the clock where none is given', async () => {
    expect((await ovop(['verify', ...FILES, '--at', '2026-09-20', valid.uri])).code).toBe(0);
    expect((await ovop(['verify', ...FILES, valid.uri])).code).toBe(0);
    expect((await ovop(['verify', ...FILES, '--at', '2026-10-16', valid.uri])).out).toMatch(
      /"CHAIN_INVALID","reason":"crl-expired"/,
    );
  });
});

describe('ovop verify with a bundle', () => {
  const pki = buildPki();
  const root = pki.root.certificate;
  const bundle = createBundle(
    {
      seq: 3,
      issuedAt: NOW,
      roots: [root.der],
      certificates: [pki.country.certificate.der, pki.leaf.certificate.der],
      crls: pki.crls.map(({ der }) => der),
      hosts: ['q.example.org'],
      voids: [],
      recalls: [],
      catalogue: {},
    },
    pki.bundle,
    root,
  );
  const file = temporary('trust.jws', `${bundle}\n`);
  const run = prepareLabelRun(
    { host: 'q.example.org', gtin: '09521234543213', attributes: {} },
    { kid: pki.leaf.certificate.kid, iat: iatOf(NOW) },
  );
  const { uri } = signLabel(run.prepare('7KQ4M9XW2T'), pki.leaf.signer);

  it('trusts it on first use and says so', async () => {
    const { code, err, out } = await ovop(['verify', '--bundle', file, uri]);
    expect([code, JSON.parse(out).facts.bundle.seq]).toEqual([0, 3]);
    expect(err).toContain(root.keyHash);
  });

  it('holds it to the roots given', async () => {
    expect(await ovop(['verify', '--bundle', file, '--roots', temporary('root.der', root.der), uri])).toMatchObject({
      code: 0,
      err: '',
    });
    const other = await ovop(['verify', '--bundle', file, '--roots', data('root.pem'), uri]);
    expect([other.code, other.out]).toEqual([2, '']);
    expect(other.err).toMatch(/trust\.jws: the trust bundle does not end at a pinned root/);
  });

  it('does not call a label of a stale bundle valid', async () => {
    expect(await ovop(['verify', '--bundle', file, '--at', '2026-10-30', uri])).toMatchObject({
      code: 1,
      verdicts: ['VALID_STALE_TRUST'],
    });
  });

  it('says when it is damaged', async () => {
    const cut = temporary('cut.jws', bundle.slice(0, 500));
    expect(await ovop(['verify', '--bundle', cut, uri])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/cut\.jws: .*cut short/),
    });
  });
});

describe('ovop, used wrongly', () => {
  it.each([
    ['no command', [], /No command/],
    ['an unknown command', ['sign'], /sign: no such command/],
    ['an unknown option', ['verify', ...FILES, '--fast', 'x'], /--fast/],
    ['no URI', ['verify', ...FILES], /No URI/],
    ['an empty input', ['verify', ...FILES, '-'], /No URI/],
    ['a bad time', ['verify', ...FILES, '--at', 'yesterday', 'x'], /--at yesterday: not a time/],
    ['a day that does not exist', ['verify', ...FILES, '--at', '2026-02-30', 'x'], /not a time/],
    ['a time without its zone', ['verify', ...FILES, '--at', '2026-09-20T10:00:00', 'x'], /not a time/],
    ['an hour that does not exist', ['verify', ...FILES, '--at', '2026-09-20T25:00:00Z', 'x'], /not a time/],
    ['an unknown language', ['verify', ...FILES, '--lang', 'xx', 'x'], /--lang xx/],
    ['no CRLs', ['verify', ...FILES.slice(0, 4), '--hosts', 'h', 'x'], /--crls is missing/],
    ['no trust at all', ['verify', 'x'], /--roots is missing/],
    ['a host in capitals', ['verify', ...FILES, '--hosts', 'Q.example.org', 'x'], /not a lower-case host/],
    ['a bundle and loose files', ['verify', '--bundle', 'b', '--hosts', 'h', 'x'], /brings its own/],
    ['a file that is not there', ['verify', '--bundle', '/nowhere/b', 'x'], /\/nowhere\/b can not be read/],
    [
      'a file of another kind',
      ['verify', ...FILES, '--crls', data('root.pem'), 'x'],
      /root\.pem: .*CRL expected, CERTIFICATE found/,
    ],
  ])('with %s says so in a sentence and exits with 2', async (_, args, message) => {
    const { code, out, err } = await ovop(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('explains itself', async () => {
    for (const args of [['help'], ['--help'], ['-h'], ['verify', '--help']]) {
      expect(await ovop(args)).toMatchObject({
        code: 0,
        out: expect.stringContaining('ovop verify --bundle'),
        err: '',
      });
    }
  });
});
