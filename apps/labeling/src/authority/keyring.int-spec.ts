import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { softToken, type SoftToken } from '../../../../libs/pki/test/soft-token.js';
import { describeWith } from '../../../../test/support/require.js';
import { story } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

let harness: Harness;
const ready = async (unitsProduced: number) => {
  const told = story({ batch: { unitsProduced } });
  await harness.tell(told);
  const producer = await harness.key('producer', { organisationId: told.organisation.id });
  const ask = (count: number) => harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count });
  return { ...told, producer, ask };
};
const complete = (id: string) => harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", id);
const count = async (query: string, ...values: unknown[]): Promise<number> =>
  (await harness.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${query}`, values)).rows[0]?.n ?? -1;

describe('sealed keys', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await harness.tell(story());
  });
  afterEach(() => harness.stop());

  it('end the start with the name of the variable when another key-encryption key is given', async () => {
    const other = Buffer.alloc(32, 9).toString('base64');
    const attempt = harness.restart({ KEY_ENCRYPTION_KEY: other });
    await expect(attempt).rejects.toThrow(/KEY_ENCRYPTION_KEY: a signing key cannot be opened/);
    await expect(attempt).rejects.not.toThrow(other);
  });

  it('end the start when the newest of them was cut short', async () => {
    await harness.sql.query('UPDATE signing_key SET sealed = left(sealed, 80)');
    await expect(harness.restart()).rejects.toThrow(/KEY_ENCRYPTION_KEY: a signing key cannot be opened/);
  });
});

describeWith(['softhsm', 'openssl'], 'keys in a PKCS#11 token', () => {
  let place: SoftToken;
  let pkcs11: Record<string, string>;
  beforeEach(async () => {
    place = softToken();
    pkcs11 = {
      ...{ KEY_CUSTODY: 'pkcs11', PKCS11_LIBRARY: place.library, PKCS11_TOKEN: place.token, PKCS11_PIN: place.pin },
    };
  });
  afterEach(async () => {
    await harness.stop();
    place.remove();
  });

  it('sign certificates and labels that openssl verifies, with nothing of a private key stored', async () => {
    harness = await startHarness(pkcs11);
    const { ask, producer } = await ready(10);
    const { body } = await ask(3);
    await complete(body.id);
    expect(await count('signing_key WHERE sealed IS NOT NULL')).toBe(0);
    const { rows: authorities } = await harness.sql.query<{ slot: string; der: Buffer }>(
      'SELECT slot, der FROM certificate ORDER BY created_at',
    );
    const pem = (slot: RegExp): string => {
      const der = authorities.find((row) => slot.test(row.slot))?.der.toString('base64') ?? '';
      return `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
    };
    const folder = mkdtempSync(join(tmpdir(), 'ovop-chain-'));
    try {
      const file = (name: string, slot: RegExp): string => {
        writeFileSync(join(folder, name), pem(slot));
        return join(folder, name);
      };
      const [root, ca, leaf] = [file('root', /^root/), file('ca', /^country-ca:KG/), file('leaf', /^label-signer/)];
      const at = String(Math.floor(harness.time.now.getTime() / 1000));
      // OpenSSL does not know the scope extension, which is critical.
      const args = ['verify', '-ignore_critical', '-attime', at, '-CAfile', root, '-untrusted', ca, leaf];
      expect(execFileSync('openssl', args, { encoding: 'utf8' })).toMatch(/: OK/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const { body: page } = await harness.send(producer, 'GET', `/print-runs/${body.id}`);
    expect(page).toMatchObject({ status: 'complete', issued: 3 });
  });

  it('let a run stop between chunks while the token is away, and finish when it is back', async () => {
    harness = await startHarness(pkcs11);
    const { ask } = await ready(20_000);
    const { body } = await ask(10_000);
    await harness.until('SELECT 1 FROM print_run WHERE id = $1 AND issued > 0', body.id);
    place.pull();
    const stopped = await (async () => {
      const first = await ask(1);
      return first.status === 503 ? first : ask(1);
    })();
    expect(stopped.status).toBe(503);
    expect(stopped.headers['retry-after']).toBeDefined();
    expect(stopped.body).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('PKCS#11 token') });
    const { rows } = await harness.sql.query('SELECT issued, status FROM print_run WHERE id = $1', [body.id]);
    expect(rows[0].status).toBe('signing');
    expect(rows[0].issued % 1000).toBe(0);
    place.plug();
    await complete(body.id);
    expect(await count('label WHERE run_id = $1', body.id)).toBe(10_000);
    expect(await count('label WHERE length(signature) <> 64')).toBe(0);
  }, 60_000);

  it('sign beside sealed ones, so that an installation moves to a token by rotation', async () => {
    harness = await startHarness();
    await ready(10);
    const before = await count('signing_key WHERE sealed IS NOT NULL');
    await harness.restart(pkcs11);
    const { ask } = await ready(10);
    const { body } = await ask(2);
    await complete(body.id);
    expect(await count('signing_key WHERE sealed IS NOT NULL')).toBe(before);
    expect(await count('signing_key WHERE cka_id IS NOT NULL AND token = $1', place.token)).toBe(1);
  });

  it.each([
    ['PKCS11_PIN', { PKCS11_PIN: '9999' }, /PKCS11_PIN: the token refuses this PIN/],
    ['PKCS11_LIBRARY', { PKCS11_LIBRARY: '/nowhere/p11.so' }, /PKCS11_LIBRARY: is not a PKCS#11 library/],
    ['PKCS11_TOKEN', { PKCS11_TOKEN: 'nobody' }, /PKCS11_TOKEN or PKCS11_SLOT: there is no such token/],
  ])('end the start when %s is wrong', async (_, wrong, message) => {
    harness = await startHarness();
    await expect(harness.restart({ ...pkcs11, ...wrong })).rejects.toThrow(message);
  });
});
