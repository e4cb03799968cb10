import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLabel } from '#label';
import { createTrustStore, openBundle } from '#pki';
import { story, testNow } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

describe('a print run', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  const runOf = async (count: number, change = {}) => {
    const told = story(change);
    await harness.tell(told);
    const producer = await harness.key('producer', { organisationId: told.organisation.id });
    const answer = await harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count });
    return { ...told, producer, answer, run: answer.body };
  };
  const complete = (id: string) => harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", id);

  it('signs exactly its count, and every label is valid against the trust bundle', async () => {
    const { answer, run, producer, product } = await runOf(50);
    expect(answer.body).toMatchObject({ count: 50, gtin: product.gtin, lot: 'H26-0905', status: 'signing' });
    expect(answer.status).toBe(201);
    await complete(run.id);
    const { body } = await harness.send(producer, 'GET', `/print-runs/${run.id}/labels`);
    expect(body.items).toHaveLength(50);
    const entry = `"${product.gtin}"`;
    await harness.until(
      "SELECT 1 FROM trust_bundle WHERE convert_from(decode(translate(split_part(jws, '.', 2), '-_', '+/') || repeat('=', (4 - length(split_part(jws, '.', 2)) % 4) % 4), 'base64'), 'UTF8') LIKE '%' || $1 || '%'",
      entry,
    );
    const { text, headers } = await harness
      .send(null, 'GET', '/trust-bundle')
      .buffer(true)
      .parse((response, done) => {
        let all = '';
        response.on('data', (chunk) => (all += chunk));
        response.on('end', () => done(null, all));
      })
      .then((r) => ({ text: r.body as string, headers: r.headers }));
    expect(headers['content-type']).toContain('application/jose');
    const trust = createTrustStore(openBundle(text, { pinnedKeys: 'first-use' }));
    for (const { uri } of body.items) {
      const verdict = await verifyLabel(uri, trust, testNow);
      expect(verdict).toMatchObject({ code: 'VALID', facts: { catalogue: { producer: 'Felt group' } } });
    }
  });
});
