import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyLabel } from '#label';
import { createTrustStore, openBundle, parseCertificate } from '#pki';
import { opensslVerify } from '../../../../libs/pki/test/openssl.js';
import { describeWith } from '../../../../test/support/require.js';
import { story, testNow } from '../../test/events.js';
import { startHarness, type Harness, type Key } from '../../test/harness.js';

const later = new Date('2026-10-08T09:00:00.000Z');

let harness: Harness;
let first: Key;
let second: Key;
beforeAll(async () => {
  harness = await startHarness();
  first = await harness.key('administrator');
  second = await harness.key('committee');
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.time.now = testNow;
});

const post = (key: Key, path: string, body: object = {}) => harness.send(key, 'POST', `/revocations${path}`, body);

/** A producer with labels of two days: of the fifth, and of the eighth of October. */
async function ready() {
  const told = story();
  await harness.tell(told);
  const producer = await harness.key('producer', { organisationId: told.organisation.id });
  const ask = (count = 1) => harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count });
  const print = async (): Promise<string> => {
    const { body } = await ask();
    await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", body.id);
    const { items } = (await harness.send(producer, 'GET', `/print-runs/${body.id}/labels`)).body;
    return items[0].uri;
  };
  const early = await print();
  harness.time.now = later;
  const late = await print();
  const { fingerprint } = await harness.until<{ fingerprint: string }>(
    'SELECT fingerprint FROM certificate WHERE organisation_id = $1',
    told.organisation.id,
  );
  return { ...told, ask, print, early, late, fingerprint };
}

/** Waits for the bundle that says so many revocations of the Kyrgyz CA, and judges by it. */
async function verdicts(serial: string, ...uris: string[]): Promise<string[]> {
  for (;;) {
    const { body } = await harness.download('/trust-bundle');
    const bundle = openBundle(body.toString(), { pinnedKeys: 'first-use' });
    if (!bundle.crls.some(({ revoked }) => revoked.has(serial))) continue;
    const trust = createTrustStore(bundle);
    return Promise.all(uris.map(async (uri) => (await verifyLabel(uri, trust, later)).code));
  }
}
const certificateOf = async (fingerprint: string) =>
  parseCertificate((await harness.download(`/certificates/${fingerprint}.der`)).body);

describe('a lost key', () => {
  it('is revoked at once; earlier labels stay valid, those of the day on do not, a new key takes over', async () => {
    const { early, late, print, fingerprint, organisation } = await ready();
    const { status, body } = await post(first, '', { subject: { fingerprint }, cause: 'key-lost', note: 'USB stick' });
    expect([status, body.state, body.organisationId]).toEqual([201, 'done', organisation.id]);
    const { serialNumber } = await certificateOf(fingerprint);
    expect(await verdicts(serialNumber, early, late)).toEqual(['VALID', 'KEY_REVOKED']);
    const events = await harness.outbox('labeling.certificate.revoked.v1');
    expect(events.filter((event) => event['fingerprint'] === fingerprint)).toMatchObject([
      { cause: 'key-lost', reason: 'superseded', revokedAt: later.toISOString(), organisationId: organisation.id },
    ]);
    await harness.until(
      'SELECT 1 FROM certificate WHERE organisation_id = $1 AND "window" = 2 AND issued_at IS NOT NULL',
      organisation.id,
    );
    await harness.until('SELECT 1 FROM bundle_state WHERE changes = published');
    expect(await verdicts(serialNumber, await print())).toEqual(['VALID']);
  });

  it('can be revoked once only, and by an administrator only', async () => {
    const { fingerprint } = await ready();
    const ask = { subject: { fingerprint }, cause: 'key-lost' };
    expect((await post(second, '', ask)).status).toBe(403);
    expect((await post(await harness.key('producer'), '', ask)).status).toBe(403);
    expect((await post(first, '', ask)).status).toBe(201);
    expect((await post(first, '', ask)).body.detail).toBe('there is nothing to revoke: no such certificate is in use');
  });
});

describe('a stolen key', () => {
  it('needs a second person, and then takes every label with it', async () => {
    const { early, late, fingerprint, organisation } = await ready();
    const asked = await post(first, '', { subject: { organisationId: organisation.id }, cause: 'key-stolen' });
    expect([asked.status, asked.body.state]).toEqual([201, 'proposed']);
    const same = await post(first, `/${asked.body.id}/confirm`);
    expect([same.status, same.body.detail]).toEqual([
      403,
      'whoever proposed a revocation cannot confirm it; a second person has to',
    ]);
    const { rows } = await harness.sql.query('SELECT revoked_at FROM certificate WHERE fingerprint = $1', [
      fingerprint,
    ]);
    expect(rows).toEqual([{ revoked_at: null }]);
    const confirmed = await post(second, `/${asked.body.id}/confirm`);
    expect([confirmed.status, confirmed.body.state]).toEqual([200, 'done']);
    const { serialNumber } = await certificateOf(fingerprint);
    expect(await verdicts(serialNumber, early, late)).toEqual(['KEY_REVOKED', 'KEY_REVOKED']);
    expect((await post(second, `/${asked.body.id}/confirm`)).status).toBe(409);
  });

  it('is confirmed once by many who try at the same time', async () => {
    const { organisation } = await ready();
    const asked = await post(first, '', { subject: { organisationId: organisation.id }, cause: 'key-stolen' });
    const others: Key[] = [];
    for (let i = 0; i < 4; i++) others.push(await harness.key('administrator'));
    const answers = await Promise.all(others.map((key) => post(key, `/${asked.body.id}/confirm`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  });
});

describe('a suspended producer', () => {
  it('has no labels signed until reinstated; those sold stay valid', async () => {
    const { early, ask, print, fingerprint, organisation } = await ready();
    const subject = { organisationId: organisation.id };
    const { body } = await post(first, '', { subject, cause: 'producer-suspended' });
    const refused = await ask();
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'no labels are signed for this organisation at present: producer-suspended',
    ]);
    const { serialNumber } = await certificateOf(fingerprint);
    expect(await verdicts(serialNumber, early)).toEqual(['VALID']);
    const issued = 'SELECT 1 FROM certificate WHERE organisation_id = $1 AND "window" = 2 AND issued_at IS NOT NULL';
    expect((await harness.sql.query(issued, [organisation.id])).rows).toEqual([]);
    expect((await post(second, `/${body.id}/reinstate`)).status).toBe(403);
    expect((await post(first, `/${body.id}/reinstate`)).body.state).toBe('lifted');
    await harness.until(issued, organisation.id);
    expect(await print()).toContain('s=');
  });

  it('that closed stays closed', async () => {
    const { ask, organisation } = await ready();
    const { body } = await post(first, '', { subject: { organisationId: organisation.id }, cause: 'producer-closed' });
    expect((await post(first, `/${body.id}/reinstate`)).status).toBe(409);
    expect((await ask()).status).toBe(409);
  });

  it('has running print runs stopped, which say why and leave room for others', async () => {
    const { batch, organisation } = await ready();
    await harness.sql.query("UPDATE print_run SET status = 'signing', count = 60 WHERE batch_id = $1", [batch.id]);
    await post(first, '', { subject: { organisationId: organisation.id }, cause: 'producer-suspended' });
    const { rows } = await harness.sql.query('SELECT DISTINCT status, stopped_for FROM print_run WHERE batch_id = $1', [
      batch.id,
    ]);
    expect(rows).toEqual([{ status: 'stopped', stopped_for: 'producer-suspended' }]);
  });
});

describe('what does not fit', () => {
  it.each([
    ['an unknown cause', { subject: { country: 'KG' }, cause: 'because' }, 400],
    ['two subjects', { subject: { country: 'KG', fingerprint: '0'.repeat(64) }, cause: 'key-lost' }, 400],
    ['a CA whose key is lost', { subject: { country: 'KG' }, cause: 'key-lost' }, 400],
    ['a certificate that there is not', { subject: { fingerprint: '0'.repeat(64) }, cause: 'key-lost' }, 404],
  ])('%s', async (_, body, status) => {
    expect((await post(first, '', body)).status).toBe(status);
  });
});

describeWith('openssl', 'OpenSSL', () => {
  it('calls revoked what is revoked', async () => {
    const { fingerprint } = await ready();
    const { body: all } = await harness.send(null, 'GET', '/certificates');
    await post(first, '', { subject: { fingerprint }, cause: 'key-lost' });
    await verdicts((await certificateOf(fingerprint)).serialNumber);
    const der = (profile: string): Buffer[] =>
      all
        .filter((listing: { profile: string }) => listing.profile === profile)
        .map((listing: { der: string }) => Buffer.from(listing.der, 'base64'));
    const crls: Buffer[] = [];
    for (const name of ['root', 'kg']) crls.push((await harness.download(`/crl/${name}.crl`)).body);
    const [root] = der('root');
    if (root === undefined) throw new Error('no root');
    const leaf = (await harness.download(`/certificates/${fingerprint}.der`)).body;
    const at = new Date(later.getTime() + 1000);
    expect(opensslVerify({ root, untrusted: der('country-ca'), leaf, crls, at })).toMatch(/revoked/);
  });
});

describe('a compromised CA', () => {
  it('is revoked by two people; nothing is signed below it, and its labels are refused', async () => {
    const { early, ask, fingerprint } = await ready();
    const asked = await post(second, '', { subject: { country: 'KG' }, cause: 'ca-compromised' });
    expect(asked.body.state).toBe('proposed');
    expect((await post(first, `/${asked.body.id}/confirm`)).status).toBe(200);
    const { serial_number: serial } = await harness.until<{ serial_number: Buffer }>(
      "SELECT serial_number FROM certificate WHERE slot = 'country-ca:KG'",
    );
    const text = BigInt(`0x${serial.toString('hex')}`).toString(16);
    expect(await verdicts(text, early)).toEqual(['KEY_REVOKED']);
    const refused = await ask();
    expect([refused.status, refused.body.detail]).toEqual([409, 'no labels can be signed: the CA of KG is revoked']);
    expect(fingerprint).toHaveLength(64);
  });
});
