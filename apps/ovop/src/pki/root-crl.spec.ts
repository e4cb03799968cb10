import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPathValidator, parseCertificate, parseCrl } from '#pki';
import { buildPki, NOW } from '../../../../libs/pki/test/authority.js';
import { runCli } from '../cli.js';

const folder = mkdtempSync(join(tmpdir(), 'ovop-crl-'));
afterAll(() => rmSync(folder, { recursive: true }));
const directory = join(folder, 'authority');
const secret = join(folder, 'secret');
const wrong = join(folder, 'wrong');
const strange = join(folder, 'strange.der');

async function* nothing(): AsyncGenerator<Uint8Array> {}
async function pki(...args: string[]) {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await runCli(['pki', ...args], { stdin: nothing(), now: () => NOW, ...terminal });
  return { code, out, err };
}
const read = (name: string): Buffer => readFileSync(join(directory, name));

beforeAll(async () => {
  writeFileSync(secret, 'correct horse battery', { mode: 0o600 });
  writeFileSync(wrong, 'correct horse bakery', { mode: 0o600 });
  writeFileSync(strange, buildPki().country.certificate.der);
  const what = ['--host', 'q.example.org', '--gtin-prefix', '952', '--countries', 'KG,KZ'];
  expect((await pki('init', '--dir', directory, ...what, '--passphrase-file', secret)).code).toBe(0);
}, 60_000);

describe('ovop pki crl', () => {
  const crl = (...args: string[]) => pki('crl', '--dir', directory, ...args);

  it('counts on, and keeps what was revoked before', async () => {
    const [kg, kz] = ['kg', 'kz'].map((name) => join(directory, `service/${name}-ca.der`));
    if (kg === undefined || kz === undefined) throw new Error('no certificates');
    const revoke = ['--revoke', kg, '--reason', 'cACompromise', '--passphrase-file', secret];
    expect(await crl(...revoke)).toMatchObject({ code: 0, err: '' });
    expect((await crl('--passphrase-file', secret)).code).toBe(0);
    expect((await crl('--revoke', kz, '--passphrase-file', secret)).out).toMatch(/^CRL 4 .* 2 revoked/);
    expect(read('service/root.crl')).toEqual(read('root/root.crl'));
    const made = parseCrl(read('root/root.crl'));
    const serialNumber = parseCertificate(readFileSync(kg)).serialNumber;
    expect([made.number, made.revoked.get(serialNumber)]).toEqual([4n, { revokedAt: NOW, reason: 'cACompromise' }]);
    const root = parseCertificate(read('root/root.der'));
    const paths = createPathValidator({ roots: [root], certificates: [], crls: [made] });
    expect(paths.crlNumbers()).toEqual(new Map([[root.keyHash, 4n]]));
    expect((await crl(...revoke)).err).toMatch(/revoked twice/);
  }, 60_000);

  it.each([
    ['a wrong passphrase', ['--passphrase-file', wrong], /passphrase does not open/],
    ["another root's certificate", ['--revoke', strange, '--passphrase-file', secret], /did not issue/],
    ['an unknown reason', ['--reason', 'boredom'], /--reason boredom/],
    ['no passphrase', [], /no terminal/],
  ])(
    'with %s changes nothing',
    async (_, args, message) => {
      const before = read('root/root.crl');
      expect(await crl(...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
      expect(read('root/root.crl')).toEqual(before);
      expect(readdirSync(join(directory, 'root')).filter((name) => name.endsWith('.new'))).toEqual([]);
    },
    60_000,
  );
});
