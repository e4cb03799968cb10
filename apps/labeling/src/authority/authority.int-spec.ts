import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCertificate, parseCrl } from '#pki';
import { describeWith } from '../../../../test/support/require.js';
import { opensslVerify } from '../../../../libs/pki/test/openssl.js';
import { story, testNow } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

interface Listed {
  profile: string;
  fingerprint: string;
  subject: string;
  organisationId: string | null;
  notBefore: string;
  der: string;
}

let harness: Harness;
afterEach(() => harness.stop());

const complete = () => harness.until('SELECT 1 FROM authority WHERE complete_at IS NOT NULL');
const listed = async (): Promise<Listed[]> => {
  const { body }: { body: Listed[] } = await harness.send(null, 'GET', '/certificates');
  return body.toSorted((a, b) => a.fingerprint.localeCompare(b.fingerprint));
};
const count = async (table: string): Promise<number> =>
  (await harness.sql.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

describe('the demonstration ceremony', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await complete();
  });

  it('makes a root, a CA for each country and a signer of bundles, which say that they are a demonstration', async () => {
    const certificates = await listed();
    expect(certificates.map(({ profile }) => profile).toSorted()).toEqual([
      'bundle-signer',
      'country-ca',
      'country-ca',
      'country-ca',
      'root',
    ]);
    for (const { subject, notBefore } of certificates) {
      expect(subject.replaceAll('\\', '')).toContain('demo, not for trade');
      expect(notBefore).toBe('2026-10-05T00:00:00.000Z');
    }
    const events = await harness.outbox<{ certificate: Listed }>('labeling.certificate.issued.v1');
    expect(events.map(({ certificate }) => certificate.fingerprint).toSorted()).toEqual(
      certificates.map(({ fingerprint }) => fingerprint).toSorted(),
    );
  });

  it('is held once, however often the service starts', async () => {
    const before = await listed();
    await harness.restart();
    await harness.restart();
    await complete();
    expect(await listed()).toEqual(before);
    expect(await count('signing_key')).toBe(5);
    expect(await count('crl')).toBe(4);
  });

  it('seals every private key', async () => {
    const { rows } = await harness.sql.query<{ sealed: string }>('SELECT sealed FROM signing_key');
    for (const { sealed } of rows) expect(JSON.parse(sealed)).toMatchObject({ alg: 'A256GCM' });
  });

  it('publishes certificates as DER and PEM, and CRLs as DER', async () => {
    const [root] = (await listed()).filter(({ profile }) => profile === 'root');
    const der = await harness.download(`/certificates/${root?.fingerprint}.der`);
    expect(parseCertificate(der.body).fingerprint).toBe(root?.fingerprint);
    const pem = await harness.download(`/certificates/${root?.fingerprint}.pem`);
    expect(pem.body.toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    const crl = await harness.download('/crl/kg.crl');
    expect(crl.headers['content-type']).toBe('application/pkix-crl');
    expect(parseCrl(crl.body)).toMatchObject({ number: 1n });
    expect((await harness.send(null, 'GET', '/crl/xx.crl')).status).toBe(404);
    expect((await harness.send(null, 'GET', '/crl/..%2fkg.crl')).status).toBe(400);
  });
});

describe('a ceremony that was interrupted', () => {
  it('is finished by the next start, with the certificates that were there', async () => {
    harness = await startHarness({ DEMO_AUTHORITY: 'false' });
    await harness.sql.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
      CREATE TRIGGER fail BEFORE UPDATE ON certificate FOR EACH ROW WHEN (NEW.slot = 'country-ca:KZ' AND NEW.der IS NOT NULL)
      EXECUTE FUNCTION fail()`);
    await harness.restart({ DEMO_AUTHORITY: 'true' });
    await harness.until("SELECT 1 FROM certificate WHERE slot = 'country-ca:KZ'");
    const { rows: intents } = await harness.sql.query(
      "SELECT serial_number FROM certificate WHERE slot = 'country-ca:KZ'",
    );
    const before = await listed();
    expect(before.map(({ profile }) => profile).toSorted()).toEqual(['country-ca', 'root']);
    await harness.sql.query('DROP TRIGGER fail ON certificate');
    await harness.restart();
    await complete();
    expect(await listed()).toEqual(expect.arrayContaining(before));
    expect(await listed()).toHaveLength(5);
    const { rows } = await harness.sql.query("SELECT serial_number FROM certificate WHERE slot = 'country-ca:KZ'");
    expect(rows).toEqual(intents);
  });
});

describe("a producer's certificate", () => {
  it.each([
    ['place, organisation, product', ['place', 'organisation', 'product'] as const],
    ['product, organisation, place', ['product', 'organisation', 'place'] as const],
    ['organisation, product, place', ['organisation', 'product', 'place'] as const],
  ])('is issued when the last of its facts is told: %s', async (_, order) => {
    harness = await startHarness();
    await complete();
    const told = story();
    for (const fact of order) {
      expect((await listed()).filter(({ profile }) => profile === 'label-signer')).toEqual([]);
      await harness.receive(told.told[fact]);
    }
    await harness.until(
      'SELECT 1 FROM certificate WHERE organisation_id = $1 AND der IS NOT NULL',
      told.organisation.id,
    );
    const [mine] = (await listed()).filter(({ profile }) => profile === 'label-signer');
    const certificate = parseCertificate(Buffer.from(mine?.der ?? '', 'base64'));
    expect(certificate.subjectText).toContain(`OU=${told.organisation.code}, O=Felt group, L=Barskoon, C=KG`);
    expect(certificate.scope).toEqual({
      ...{ country: '417', hosts: ['ovop.example'], producerId: told.organisation.code },
      gtinPrefixes: [told.organisation.gtinPrefix],
    });
    expect(certificate.extensions.privateKeyUsagePeriod).toEqual({
      notBefore: new Date('2026-10-05'),
      notAfter: new Date('2027-10-05'),
    });
  });

  it('is issued once, when events come twice and for a second product', async () => {
    harness = await startHarness();
    const told = story();
    await harness.tell(told);
    await harness.receive(...Object.values(told.told), ...Object.values(told.told));
    const second = story({ organisation: told.organisation, product: { organisationId: told.organisation.id } });
    await harness.receive(second.told.product);
    const other = story();
    await harness.tell(other);
    expect((await listed()).filter(({ organisationId }) => organisationId === told.organisation.id)).toHaveLength(1);
  });

  it('is issued for the next window before the first one ends', async () => {
    harness = await startHarness();
    const told = story();
    await harness.tell(told);
    harness.time.now = new Date('2027-09-10T12:00:00Z');
    await harness.receive(story().told.place);
    await harness.until(
      'SELECT 1 FROM certificate WHERE organisation_id = $1 AND "window" = 2 AND der IS NOT NULL',
      told.organisation.id,
    );
    const { rows } = await harness.sql.query(
      'SELECT not_before, signing_until FROM certificate WHERE organisation_id = $1 AND "window" = 2',
      [told.organisation.id],
    );
    expect(rows).toEqual([{ not_before: new Date('2027-09-10'), signing_until: new Date('2028-09-10') }]);
  });

  it('is not issued for a prefix outside the programme, and others do not wait for it', async () => {
    harness = await startHarness();
    const outside = story({ organisation: { gtinPrefix: '4701234' } });
    await harness.receive(...Object.values(outside.told));
    await harness.tell(story());
    const { rows } = await harness.sql.query('SELECT 1 FROM certificate WHERE organisation_id = $1', [
      outside.organisation.id,
    ]);
    expect(rows).toEqual([]);
  });

  it('is not issued while there is no authority, and is as soon as there is one', async () => {
    harness = await startHarness({ DEMO_AUTHORITY: 'false' });
    const told = story();
    await harness.receive(...Object.values(told.told));
    expect((await harness.send(null, 'GET', '/trust-bundle')).status).toBe(404);
    const producer = await harness.key('producer', { organisationId: told.organisation.id });
    const answer = await harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count: 1 });
    expect(answer.status).toBe(503);
    expect(answer.body.detail).toBe('no labels can be signed: this installation has no certification authority yet');
    await harness.restart({ DEMO_AUTHORITY: 'true' });
    await harness.until(
      'SELECT 1 FROM certificate WHERE organisation_id = $1 AND der IS NOT NULL',
      told.organisation.id,
    );
  });

  it('is announced before and after each signature', async () => {
    harness = await startHarness();
    const told = story();
    await harness.tell(told);
    const slot = `label-signer:${told.organisation.id}:1`;
    const records = await harness.audit("details ->> 'slot' = $1", slot);
    expect(records.map(({ action, outcome, organisationId }) => [action, outcome, organisationId])).toEqual([
      ['certificate.issue', 'intended', told.organisation.id],
      ['certificate.issue', 'done', told.organisation.id],
    ]);
  });
});

describeWith('openssl', 'OpenSSL', () => {
  it('accepts the chain of a producer with the CRLs, and the signer of bundles', async () => {
    harness = await startHarness();
    await harness.tell(story());
    const certificates = await listed();
    const der = (profile: string): Buffer[] =>
      certificates
        .filter((listing) => listing.profile === profile)
        .map((listing) => Buffer.from(listing.der, 'base64'));
    const crls: Buffer[] = [];
    for (const name of ['root', 'kg', 'kz', 'tj']) crls.push((await harness.download(`/crl/${name}.crl`)).body);
    const [root, [leaf], [bundleSigner]] = [der('root')[0], der('label-signer'), der('bundle-signer')];
    if (root === undefined || leaf === undefined || bundleSigner === undefined)
      throw new Error('a certificate is missing');
    const chain = { root, untrusted: der('country-ca'), crls, at: new Date(testNow.getTime() + 1000) };
    expect(opensslVerify({ ...chain, leaf })).toBe('OK');
    expect(opensslVerify({ ...chain, leaf: bundleSigner, untrusted: [] })).toBe('OK');
  });
});
