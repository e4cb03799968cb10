import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newSerial, verifyLabel } from '#label';
import { createTrustStore, openBundle } from '#pki';
import { story, testNow } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

interface Part {
  seq: number;
  part: number;
  parts: number;
  content: string;
}

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.stop());

const published = () => harness.until('SELECT 1 FROM bundle_state WHERE changes = published');
const parts = () => harness.outbox<Part>('labeling.certificate.trust-bundle-published.v1');
const latest = async () => {
  const { body } = await harness.download('/trust-bundle');
  return openBundle(body.toString(), { pinnedKeys: 'first-use' });
};

describe('the trust bundle', () => {
  it('is published when its content changed, with a number that only grows', async () => {
    const told = story();
    await harness.tell(told);
    await published();
    const first = await latest();
    expect(first.catalogue?.get(told.product.gtin)).toEqual({
      product: 'White sainfoin honey',
      producer: 'Felt group',
    });
    expect([...first.hosts]).toEqual(['ovop.example']);
    expect(first.bundle.nextUpdate).toEqual(new Date(testNow.getTime() + 30 * 86_400_000));
    await harness.receive(told.told.batch, told.recall());
    await published();
    const second = await latest();
    expect(second.bundle.seq).toBeGreaterThan(first.bundle.seq);
    expect(second.recalls?.get(told.product.gtin)).toEqual(new Set([told.batch.lot]));
    const numbers = (await parts()).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('makes the labels of a recalled batch RECALLED', async () => {
    const told = story();
    await harness.tell(told);
    const producer = await harness.key('producer', { organisationId: told.organisation.id });
    const { body: run } = await harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count: 1 });
    await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", run.id);
    const { body: page } = await harness.send(producer, 'GET', `/print-runs/${run.id}/labels`);
    await harness.receive(told.recall());
    await published();
    const verdict = await verifyLabel(page.items[0].uri, createTrustStore(await latest()), testNow);
    expect(verdict.code).toBe('RECALLED');
  });

  it('names the code of a producer that does not want its name in public', async () => {
    const told = story({ organisation: { publicName: false } });
    await harness.tell(told);
    await published();
    expect((await latest()).catalogue?.get(told.product.gtin)?.producer).toBe(told.organisation.code);
  });

  it('is told in parts that joined are the bundle', async () => {
    const told = story();
    await harness.tell(told);
    const producer = await harness.key('producer', { organisationId: told.organisation.id });
    const { body: run } = await harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count: 1 });
    await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", run.id);
    const serials = Array.from({ length: 120_000 }, () => newSerial(randomBytes(7)));
    await harness.sql.query(
      `INSERT INTO label (gtin, serial, run_id, position, signature, state)
       SELECT $1, serial, $2, n + 1, '', 'void' FROM unnest($3::text[]) WITH ORDINALITY AS u (serial, n)`,
      [told.product.gtin, run.id, serials],
    );
    await harness.receive(told.recall());
    await published();
    const last = (await parts()).filter(({ seq }, _, all) => seq === all.at(-1)?.seq);
    expect(last.length).toBeGreaterThan(1);
    expect(last.map(({ part }) => part)).toEqual(last.map((_, index) => index));
    for (const { parts: count, content } of last) {
      expect(count).toBe(last.length);
      expect(content.length).toBeLessThanOrEqual(600_000);
    }
    const joined = last.map(({ content }) => content).join('');
    expect((await harness.download('/trust-bundle')).body.toString()).toBe(joined);
    expect(openBundle(joined, { pinnedKeys: 'first-use' }).voids?.get(told.product.gtin)?.size).toBe(120_000);
  });

  it('is not sent again to who has it', async () => {
    await published();
    const { headers, status } = await harness.download('/trust-bundle');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/jose' });
    const again = await harness.download('/trust-bundle', undefined, { 'if-none-match': headers['etag'] ?? '' });
    expect({ status: again.status, length: again.body.length }).toEqual({ status: 304, length: 0 });
  });

  it('is made anew with fresh CRLs long before it ends, without any change', async () => {
    await published();
    const { bundle } = await latest();
    harness.time.now = new Date(testNow.getTime() + 21 * 86_400_000);
    await harness.restart();
    await harness.until('SELECT 1 FROM crl WHERE number = 2');
    await harness.until('SELECT 1 FROM trust_bundle WHERE issued_at = $1', harness.time.now);
    await published();
    const { bundle: next, crls } = await latest();
    expect(next.seq).toBeGreaterThan(bundle.seq);
    expect(crls.map(({ number }) => number)).toEqual([2n, 2n, 2n, 2n]);
  });

  it('says after a crash what changed before it', async () => {
    await published();
    const told = story();
    await harness.service.stop();
    await harness.sql.query('UPDATE bundle_state SET changes = changes + 1');
    await harness.start();
    await published();
    await harness.tell(told);
    await published();
    expect((await latest()).catalogue?.has(told.product.gtin)).toBe(true);
  });
});
