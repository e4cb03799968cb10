import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleSigning, createPathValidator, keyHashOf, parseCertificate, parseCrl } from '#pki';
import { fileSigner, unlockKey } from '#pki/sign';
import { NOW } from '../../../../libs/pki/test/authority.js';
import { runCli } from '../cli.js';

const folder = mkdtempSync(join(tmpdir(), 'ovop-init-'));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);
function secret(name: string, content: string, mode = 0o600): string {
  writeFileSync(place(name), content);
  chmodSync(place(name), mode);
  return place(name);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
async function init(args: readonly string[], answers?: string[]) {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const asking = answers === undefined ? {} : { askSecret: async () => answers.shift() ?? '' };
  const code = await runCli(['pki', 'init', ...args], { stdin: nothing(), now: () => NOW, ...terminal, ...asking });
  return { code, out, err };
}

const rootPhrase = 'correct horse battery';
const servicePhrase = 'another long sentence';
const WHAT = ['--host', 'q.example.org', '--gtin-prefix', '952'];
const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();

describe('a key ceremony', () => {
  const directory = place('authority');
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  let out = '';
  beforeAll(async () => {
    const phrases = ['--passphrase-file', secret('root-phrase', `${rootPhrase}\n`)];
    phrases.push('--service-passphrase-file', secret('service-phrase', servicePhrase));
    const result = await init(['--dir', directory, ...WHAT, '--countries', 'KG,KZ', '--demo', ...phrases]);
    expect(result).toMatchObject({ code: 0, err: '' });
    ({ out } = result);
  }, 60_000);

  it('writes what stays offline, what the service gets and the record, for the owner only', () => {
    const service = ['bundle-signer-key.json', 'bundle-signer.der', 'kg-ca-key.json', 'kg-ca.crl', 'kg-ca.der'];
    service.push('kz-ca-key.json', 'kz-ca.crl', 'kz-ca.der', 'root.crl', 'root.der');
    expect(filesIn(join(directory, 'service'))).toEqual(service);
    expect(filesIn(join(directory, 'root'))).toEqual(['root-key.json', 'root.crl', 'root.der', 'root.pem']);
    for (const name of filesIn(directory)) {
      const found = statSync(join(directory, name));
      expect([name, found.mode & 0o777]).toEqual([name, found.isDirectory() ? 0o700 : 0o600]);
    }
    expect(existsSync(`${directory}.new`)).toBe(false);
  });

  it('locks the keys of root and service with passphrases of their own', async () => {
    const rootKey = await unlockKey(read('root/root-key.json').toString(), rootPhrase, 'root');
    expect(keyHashOf(fileSigner(rootKey).publicKey)).toBe(parseCertificate(read('root/root.der')).keyHash);
    const kg = read('service/kg-ca-key.json').toString();
    const key = await unlockKey(kg, servicePhrase, 'country-ca:KG');
    expect(keyHashOf(fileSigner(key).publicKey)).toBe(parseCertificate(read('service/kg-ca.der')).keyHash);
    await expect(unlockKey(kg, rootPhrase, 'country-ca:KG')).rejects.toThrow(/passphrase does not open/);
    await expect(unlockKey(kg, servicePhrase, 'country-ca:KZ')).rejects.toThrow(/does not open/);
    const bytes = rootKey.export({ type: 'pkcs8', format: 'der' });
    for (const name of filesIn(directory).filter((file) => file.includes('.')))
      expect(read(name).includes(bytes)).toBe(false);
  });

  it('makes certificates that lead to the root, in the scope asked for, called a demonstration', () => {
    const [root, kg, signer] = ['root', 'kg-ca', 'bundle-signer'].map((name) =>
      parseCertificate(read(`service/${name}.der`)),
    );
    if (root === undefined || kg === undefined || signer === undefined) throw new Error('a certificate is missing');
    expect(kg.scope).toEqual({ country: '417', gtinPrefixes: ['952'], hosts: ['q.example.org'] });
    for (const { subjectText } of [root, kg, signer]) expect(subjectText).toContain('demo\\, not for trade');
    const crls = ['root', 'kg-ca'].map((name) => parseCrl(read(`service/${name}.crl`)));
    const paths = createPathValidator({ roots: [root], certificates: [kg, signer], crls }, bundleSigning);
    expect(paths.judge(signer, NOW, NOW)).toMatchObject({ ok: true });
    expect(paths.crlNumbers()).toEqual(
      new Map([
        [root.keyHash, 1n],
        [kg.keyHash, 1n],
      ]),
    );
  });

  it('is confirmed by OpenSSL', () => {
    writeFileSync(
      place('kg.pem'),
      execFileSync('openssl', ['x509', '-inform', 'der', '-in', join(directory, 'service/kg-ca.der')]),
    );
    const args = ['verify', '-ignore_critical', '-attime', String(NOW.getTime() / 1000), '-CAfile'];
    const said = execFileSync('openssl', [...args, join(directory, 'root/root.pem'), place('kg.pem')]);
    expect(said.toString()).toMatch(/: OK/);
  });

  it('leaves a record with every fingerprint in groups, and no secret', () => {
    const record = read('ceremony.txt').toString();
    expect(out).toContain(record);
    const digits = record.replaceAll(/\s+/g, '');
    for (const name of ['root', 'kg-ca', 'kz-ca', 'bundle-signer']) {
      const { fingerprint, keyHash } = parseCertificate(read(`service/${name}.der`));
      expect(digits).toContain(fingerprint);
      expect(digits).toContain(keyHash);
    }
    expect(record).toMatch(/Signature _+/);
    expect(record).not.toContain(rootPhrase);
  });

  it('is never held over another one', async () => {
    const before = read('ceremony.txt');
    const again = await init(['--dir', directory, ...WHAT, '--passphrase-file', place('root-phrase')]);
    expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/never overwritten/) });
    expect(read('ceremony.txt')).toEqual(before);
  });
});

describe('ovop pki init', () => {
  const good = secret('good', rootPhrase);
  it.each([
    ['a short passphrase', [...WHAT, '--passphrase-file', secret('short', 'elevenchars')], /at least 12 characters/],
    ['a passphrase for all to read', [...WHAT, '--passphrase-file', secret('open', rootPhrase, 0o644)], /chmod 600/],
    ['no passphrase and no terminal', WHAT, /no terminal/],
    ['no host', ['--gtin-prefix', '952', '--passphrase-file', good], /--host HOST is missing/],
    ['a wrong host', ['--host', 'Q.org', '--gtin-prefix', '952'], /not a lower-case/],
    ['a wrong prefix', ['--host', 'q.org', '--gtin-prefix', '95'], /3 to 12 digits/],
    ['a strange country', [...WHAT, '--countries', 'KG,XX'], /--countries XX/],
    ['too long a name', [...WHAT, '--organisation', 'x'.repeat(65), '--passphrase-file', good], /can not be made/],
    ['an unknown option', ['--fast'], /--fast/],
  ])('with %s leaves nothing behind', async (_, args, message) => {
    const directory = place('none');
    expect(await init(['--dir', directory, ...args])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(message),
    });
    expect([existsSync(directory), existsSync(`${directory}.new`)]).toEqual([false, false]);
  });

  it('asks twice on a terminal', async () => {
    const args = ['--dir', place('asked'), ...WHAT, '--countries', 'TJ'];
    expect((await init(args, [rootPhrase, `${rootPhrase}!`])).err).toMatch(/differ/);
    expect((await init(args, ['short', 'short'])).err).toMatch(/at least 12/);
    expect((await init(args, [rootPhrase, rootPhrase])).code).toBe(0);
  }, 60_000);

  it('says when a ceremony was interrupted, and when the place can not be written to', async () => {
    writeFileSync(place('cut.new'), '');
    expect((await init(['--dir', place('cut'), ...WHAT])).err).toMatch(/interrupted/);
    const away = await init(['--dir', place('away/deep'), ...WHAT, '--countries', 'KG', '--passphrase-file', good]);
    expect(away).toMatchObject({ code: 2, err: expect.stringMatching(/can not be written/) });
  }, 60_000);
});
