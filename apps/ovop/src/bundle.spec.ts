import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBundle } from '#pki/sign';
import { buildPki, NOW, type TestPki } from '../../../libs/pki/test/authority.js';
import { runCli } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'ovop-bundle-'));
const place = (name: string): string => join(folder, name);
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(place(name), content);
  return place(name);
}

function bundleOf(pki: TestPki, seq: number): string {
  const content = {
    ...{ seq, issuedAt: NOW, roots: [pki.root.certificate.der], hosts: ['q.example.org'], recalls: [], catalogue: {} },
    certificates: [pki.country.certificate.der, pki.leaf.certificate.der],
    crls: pki.crls.map(({ der }) => der),
    voids: [{ gtin: '09521234543213', serial: '7KQ4M9XW2T' }],
  };
  return createBundle(content, pki.bundle, pki.root.certificate);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function ovop(args: readonly string[], now = NOW) {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await runCli(['bundle', ...args], { stdin: nothing(), now: () => now, ...terminal });
  return { code, out, err };
}

const pki = buildPki();
const other = buildPki();
const third = bundleOf(pki, 3);
const root = file('root.der', pki.root.certificate.der);
const strange = file('strange.der', other.root.certificate.der);
const trust = file('trust.jws', third);

describe('ovop bundle show', () => {
  it('prints what is in it, and the length of what may be long', async () => {
    const { code, out } = await ovop(['show', trust], new Date(NOW.getTime() + 5.5 * 86_400_000));
    const shown = JSON.parse(out);
    expect([code, shown]).toMatchObject([
      0,
      { seq: 3, issuedAt: NOW.toJSON(), ageDays: 5, hosts: ['q.example.org'], voids: 1, recalls: 0, catalogue: 0 },
    ]);
    expect(shown.roots[0].publicKeySha256).toBe(pki.root.certificate.keyHash);
    expect(shown.certificates[1]).toMatchObject({ kid: pki.leaf.certificate.kid, ca: false });
    expect(shown.crls.map(({ number }: { number: string }) => number)).toEqual(['1', '1']);
  });
});

describe('ovop bundle verify', () => {
  it.each([
    ['the right root', ['--roots', root], 0, NOW, /genuine and up to date/],
    ['another root', ['--roots', strange], 1, NOW, /refused.*pinned root/],
    ['an old bundle', ['--roots', root], 1, new Date('2026-10-25'), /due for renewal/],
    ['a very old bundle', ['--roots', root], 1, new Date('2026-12-25'), /too old/],
  ])('says so with %s', async (_, args, code, now, sentence) => {
    expect(await ovop(['verify', trust, ...args], now)).toEqual({
      code,
      out: expect.stringMatching(sentence),
      err: '',
    });
  });

  it('refuses one that is cut short, and names the roots it had to believe', async () => {
    expect((await ovop(['verify', file('cut', third.slice(0, 900))])).code).toBe(1);
    const { code, err } = await ovop(['verify', trust]);
    expect([code, err]).toEqual([0, expect.stringContaining(pki.root.certificate.keyHash)]);
  });
});

describe('ovop bundle fetch', () => {
  const answers: Record<string, string | Buffer> = {
    '/3': third,
    '/2': bundleOf(pki, 2),
    '/4': bundleOf(pki, 4),
    '/other': bundleOf(other, 9),
    '/cut': bundleOf(pki, 5).slice(0, 900),
    '/large': Buffer.alloc(8 * 1024 * 1024 + 1, 'x'),
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else response.end(answer);
  });
  let origin = '';
  beforeAll(async () => {
    await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('begins with roots that are given, or says which it believed', async () => {
    expect(await ovop(['fetch', `${origin}/3`, '--out', place('a'), '--roots', root])).toMatchObject({
      code: 0,
      err: '',
    });
    expect(readFileSync(place('a'), 'utf8')).toBe(`${third}\n`);
    const { err } = await ovop(['fetch', `${origin}/3`, '--out', place('b')]);
    expect(err).toContain(pki.root.certificate.keyHash);
    expect((await ovop(['fetch', `${origin}/3`, '--out', place('c'), '--roots', strange])).code).toBe(1);
    expect(readdirSync(folder)).not.toContain('c');
  });

  it('goes on to a newer one', async () => {
    const out = file('next', third);
    expect(await ovop(['fetch', `${origin}/4`, '--out', out])).toMatchObject({ code: 0, err: '' });
    expect((await ovop(['show', out])).out).toContain('"seq": 4');
  });

  it.each([
    ['an older one', '/2', 1, /older than 3/],
    ['one under another root', '/other', 1, /pinned root/],
    ['half of one', '/cut', 1, /cut short/],
    ['8 MB and more', '/large', 2, /more than 8388608 bytes/],
    ['no answer of use', '/nothing', 2, /404/],
  ])('refuses %s and leaves the file as it was', async (_, path, code, message) => {
    const out = file('kept', third);
    expect(await ovop(['fetch', origin + path, '--out', out])).toEqual({
      code,
      out: '',
      err: expect.stringMatching(message),
    });
    expect(readFileSync(out, 'utf8')).toBe(third);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it.each([
    [['fetch', 'ftp://x', '--out', 'y'], /not an http/],
    [['fetch', 'http://x'], /--out FILE is missing/],
    [['fetch', 'http://127.0.0.1:9/', '--out', place('z')], /can not be fetched/],
    [['show'], /exactly one file/],
    [['show', '/nowhere/b'], /can not be read/],
    [['mend', trust], /no such command/],
  ])('used as %j says what is wrong and exits with 2', async (args, message) => {
    const { code, err } = await ovop(args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
