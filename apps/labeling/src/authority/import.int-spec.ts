import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate, parseCrl } from '#pki';
import { createCrl, fileSigner, unlockKey } from '#pki/sign';
import { runCli } from '../../../ovop/src/cli.js';
import { story, testNow } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

const folder = mkdtempSync(join(tmpdir(), 'labeling-import-'));
const authority = join(folder, 'authority');
const passphrase = join(folder, 'passphrase');
afterAll(() => rmSync(folder, { recursive: true }));

let harness: Harness;

async function* nothing(): AsyncGenerator<Uint8Array> {}
async function ovop(args: string[], now = testNow): Promise<number> {
  const quiet = { out: () => undefined, err: () => undefined };
  return runCli(args, { stdin: nothing(), now: () => now, ...quiet });
}

beforeAll(async () => {
  writeFileSync(passphrase, 'correct horse battery', { mode: 0o600 });
  const what = ['--host', 'ovop.example', '--gtin-prefix', '952', '--passphrase-file', passphrase];
  expect(await ovop(['pki', 'init', '--dir', authority, ...what])).toBe(0);
}, 60_000);

const [swapped, wrongCrl] = [join(folder, 'swapped'), join(folder, 'wrong-crl')];
beforeAll(() => {
  for (const directory of [swapped, wrongCrl]) cpSync(environment.AUTHORITY_DIR, directory, { recursive: true });
  cpSync(join(swapped, 'kz-ca-key.json'), join(swapped, 'kg-ca-key.json'));
  cpSync(join(wrongCrl, 'kg-ca.crl'), join(wrongCrl, 'kz-ca.crl'));
});

const environment = {
  DEMO_AUTHORITY: 'false',
  AUTHORITY_DIR: join(authority, 'service'),
  AUTHORITY_PASSPHRASE_FILE: passphrase,
};

describe('an authority from a key ceremony', () => {
  afterEach(() => harness.stop());

  it('is taken in once, issues certificates and bundles, and never has the key of the root', async () => {
    harness = await startHarness(environment);
    const told = story();
    await harness.tell(told);
    const producer = await harness.key('producer', { organisationId: told.organisation.id });
    const { body } = await harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count: 2 });
    await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", body.id);
    const { body: labels } = await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`);
    await harness.until('SELECT 1 FROM bundle_state WHERE changes = published');
    const bundle = await harness.download('/trust-bundle');
    writeFileSync(join(folder, 'trust.jws'), bundle.body);
    const roots = ['--roots', join(authority, 'root/root.pem')];
    expect(await ovop(['bundle', 'verify', join(folder, 'trust.jws'), ...roots])).toBe(0);
    const uris = labels.items.map(({ uri }: { uri: string }) => uri);
    expect(uris).toHaveLength(2);
    expect(await ovop(['verify', '--bundle', join(folder, 'trust.jws'), ...roots, ...uris])).toBe(0);

    await harness.restart({ AUTHORITY_PASSPHRASE_FILE: passphrase });
    const { rows } = await harness.sql.query(
      'SELECT slot FROM certificate WHERE organisation_id IS NULL ORDER BY slot',
    );
    expect(rows.map(({ slot }) => slot)).toEqual([
      'bundle-signer:1',
      'country-ca:KG',
      'country-ca:KZ',
      'country-ca:TJ',
      'root',
    ]);
    const { rows: keys } = await harness.sql.query(
      "SELECT sealed FROM signing_key k JOIN certificate c ON c.key_id = k.id WHERE slot = 'root'",
    );
    expect(keys).toEqual([{ sealed: null }]);
    const text = readFileSync(join(authority, 'root/root-key.json'), 'utf8');
    const key = (await unlockKey(text, 'correct horse battery', 'root')).export({ format: 'jwk' });
    const secret = Buffer.from(key.d ?? '', 'base64url');
    const { rows: tables } = await harness.sql.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { name } of tables) {
      const { rows: found } = await harness.sql.query(`SELECT t::text AS row FROM "${name}" t`);
      for (const { row } of found)
        for (const encoding of ['hex', 'base64', 'base64url'] as const)
          expect(row).not.toContain(secret.toString(encoding));
    }
  }, 60_000);

  it('gives a newer CRL of the root to everybody, and never goes back to an older one', async () => {
    const files = join(folder, 'copy');
    cpSync(environment.AUTHORITY_DIR, files, { recursive: true });
    harness = await startHarness({ ...environment, AUTHORITY_DIR: files });
    const [root, tj] = ['root', 'tj-ca'].map((name) => parseCertificate(readFileSync(join(files, `${name}.der`))));
    if (root === undefined || tj === undefined) throw new Error('a certificate is missing');
    const text = readFileSync(join(authority, 'root/root-key.json'), 'utf8');
    const signer = fileSigner(await unlockKey(text, 'correct horse battery', 'root'));
    const revocations = [{ serialNumber: tj.serialNumber, revokedAt: testNow, reason: 'cACompromise' as const }];
    const crl = createCrl({ certificate: root, signer }, { number: 2n, thisUpdate: testNow, revocations });
    writeFileSync(join(files, 'root.crl'), crl.der);
    await harness.restart();
    expect(parseCrl((await harness.download('/crl/root.crl')).body)).toMatchObject({ number: 2n });
    const { rows } = await harness.sql.query('SELECT slot, revoked_for FROM certificate WHERE revoked_at IS NOT NULL');
    expect(rows).toEqual([{ slot: 'country-ca:TJ', revoked_for: 'cACompromise' }]);

    cpSync(join(authority, 'root/root.crl'), join(files, 'root.crl'));
    await harness.restart();
    expect(parseCrl((await harness.download('/crl/root.crl')).body)).toMatchObject({ number: 2n });
  }, 60_000);
});

describe('a folder that is not right', () => {
  it.each([
    ['another host', { PUBLIC_BASE_URL: 'https://other.example' }, /may not sign labels of other\.example/],
    ['no passphrase', { AUTHORITY_PASSPHRASE_FILE: '' }, /AUTHORITY_PASSPHRASE_FILE/],
    ['the key of another CA', { AUTHORITY_DIR: swapped }, /does not open the key "country-ca:KG"/],
    ['the CRL of another CA', { AUTHORITY_DIR: wrongCrl }, /the CRL of country-ca:KZ is not signed by its key/],
    ['nothing in it', { AUTHORITY_DIR: folder }, /AUTHORITY_DIR: root\.der can not be read/],
  ])(
    'ends the start: %s',
    async (_, change, message) => {
      await expect(startHarness({ ...environment, ...change })).rejects.toThrow(message);
    },
    60_000,
  );
});
