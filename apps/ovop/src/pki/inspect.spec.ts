import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { crlOf, buildPki, NOW } from '../../../../libs/pki/test/authority.js';
import { runCli } from '../cli.js';

const folder = mkdtempSync(join(tmpdir(), 'ovop-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const data = (name: string): string =>
  fileURLToPath(new URL(`../../../../libs/label/test-data/${name}`, import.meta.url));

async function* nothing(): AsyncGenerator<Uint8Array> {}
async function ovop(...args: string[]) {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await runCli(['pki', ...args], { stdin: nothing(), now: () => NOW, ...terminal });
  return { code, out, err };
}

const pki = buildPki();
const { root, country, leaf, bundle } = pki;

describe('ovop pki inspect', () => {
  it('says what each certificate is, by what hashes it is known, and that it keeps its profile', async () => {
    const files = [root, country, leaf, bundle].map(({ certificate }, i) => file(`${i}.der`, certificate.der));
    const { code, out } = await ovop('inspect', '--json', ...files);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map(({ profile, lint }) => [profile, lint])).toEqual(
      ['root', 'country-ca', 'label-signer', 'bundle-signer'].map((profile) => [profile, 'passed']),
    );
    expect(lines[1]).toMatchObject({
      subject: country.certificate.subjectText,
      issuer: root.certificate.subjectText,
      sha256: country.certificate.fingerprint,
      publicKeySha256: country.certificate.keyHash,
      keyUsage: ['keyCertSign', 'cRLSign'],
      scope: { country: '417', hosts: ['q.example.org'] },
    });
  });

  it('names the rules that a certificate breaks', async () => {
    const { certificate } = leaf;
    const strange = buildPki().country.certificate;
    const { out } = await ovop('inspect', file('leaf', certificate.der), file('strange', strange.der));
    expect(out).toMatch(/error authority-key-identifier/);
  });

  it('lists what a CRL revokes', async () => {
    const { serialNumber } = leaf.certificate;
    const crl = crlOf(country, [{ serialNumber, revokedAt: NOW, reason: 'keyCompromise' }], 7n);
    expect(JSON.parse((await ovop('inspect', '--json', file('crl', crl.der))).out)).toMatchObject({
      ...{ type: 'crl', number: '7', revoked: 1, entries: [{ serialNumber, reason: 'keyCompromise' }] },
    });
  });

  it('reads PEM files with several in them, as lines for people', async () => {
    const both = file('both.pem', readFileSync(data('root.pem')) + '\n' + readFileSync(data('kg.crl.pem')));
    const { code, out } = await ovop('inspect', both);
    expect([code, out]).toEqual([0, expect.stringMatching(/^file: .*type: certificate\n.*\ntype: crl\n/s)]);
  });

  it('shows no private key, and says what is none of them', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const [content, message] of [
      [pem, /a private key: its content is not shown/],
      ['hello', /neither a certificate/],
      [root.certificate.der.subarray(0, 99), /./],
    ] as const) {
      const { code, out, err } = await ovop('inspect', file('wrong', content));
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)]);
      expect(err).not.toContain(pem.split('\n')[1]);
    }
  });

  it.each([
    [['inspect'], /one or more files/],
    [['mend'], /no such command/],
    [['inspect', '--x'], /--x/],
  ])('used as %j says what is wrong', async (args, message) => {
    expect(await ovop(...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });
});
