import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord, auditStart, canonicalAudit, type AuditRecord } from '#contracts';
import { openApiDocument } from '#platform';
import { story } from '../../test/events.js';
import { startHarness, type Harness, type Key } from '../../test/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const base = '/api/labeling';
/** Every route that writes, as the API's own document tells it. */
function writeRoutes(): { method: string; path: string }[] {
  return Object.entries(openApiDocument(harness.service.app, 'labeling').paths)
    .filter(([path]) => path.startsWith(base))
    .flatMap(([path, item]) =>
      ['post', 'put', 'patch', 'delete']
        .filter((method) => method in item)
        .map((method) => ({ method: method.toUpperCase(), path: path.slice(base.length) })),
    );
}
const routeOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;

async function call(key: Key, method: string, path: string, body?: object): Promise<number> {
  const url = `${await harness.service.app.getUrl()}${base}${path}`;
  const headers = { 'x-api-key': key.secret, 'content-type': 'application/json' };
  return (await fetch(url, { method, headers, body: JSON.stringify(body ?? {}) })).status;
}
const by = (key: Key): Promise<AuditRecord[]> => harness.audit('actor = $1', key.id);

/** A released batch of a producer with a certificate. */
async function released(unitsProduced = 100) {
  const told = story({ batch: { unitsProduced } });
  await harness.tell(told);
  return told;
}

async function propose(cause: string): Promise<{ id: string; administrator: Key }> {
  const { organisation } = await released();
  const administrator = await harness.key('administrator');
  const body = { subject: { organisationId: organisation.id }, cause };
  const { body: made } = await harness.send(administrator, 'POST', '/revocations', body);
  return { id: made.id, administrator: await harness.key('administrator') };
}

/** For each route a request that succeeds: who made it, and the status. */
const succeed: Record<string, () => Promise<[Key, number]>> = {
  'POST /print-runs': async () => {
    const { batch, organisation } = await released();
    const key = await harness.key('producer', { organisationId: organisation.id });
    return [key, await call(key, 'POST', '/print-runs', { batchId: batch.id, count: 1 })];
  },
  'POST /labels/void': async () => {
    const { batch, organisation, product } = await released();
    const officer = await harness.key('officer');
    const { body } = await harness.send(officer, 'POST', '/print-runs', { batchId: batch.id, count: 1 });
    const { serial } = await harness.until<{ serial: string }>('SELECT serial FROM label WHERE run_id = $1', body.id);
    const key = await harness.key('producer', { organisationId: organisation.id });
    return [key, await call(key, 'POST', '/labels/void', { gtin: product.gtin, serials: [serial], reason: 'spoilt' })];
  },
  'POST /revocations': async () => {
    const { organisation } = await released();
    const key = await harness.key('administrator');
    const body = { subject: { organisationId: organisation.id }, cause: 'key-lost' };
    return [key, await call(key, 'POST', '/revocations', body)];
  },
  'POST /revocations/{id}/confirm': async () => {
    const { id, administrator: key } = await propose('key-stolen');
    return [key, await call(key, 'POST', `/revocations/${id}/confirm`)];
  },
  'POST /revocations/{id}/withdraw': async () => {
    const { id, administrator: key } = await propose('key-stolen');
    return [key, await call(key, 'POST', `/revocations/${id}/withdraw`)];
  },
  'POST /revocations/{id}/reinstate': async () => {
    const { id, administrator: key } = await propose('producer-suspended');
    return [key, await call(key, 'POST', `/revocations/${id}/reinstate`)];
  },
};

function missing(route: string): never {
  throw new Error(`${route} is not in the table of this test: say how it succeeds, and see that it makes a record`);
}

/** The chain holds as it was read back: numbers without a gap, each hash of its record and of the one before it. */
function expectChain(records: readonly AuditRecord[]): void {
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  const previous = [auditStart, ...records.map(({ hash }) => hash)].slice(0, -1);
  expect(records.map((record) => record.previous)).toEqual(previous);
  const hashes = records.map((record) => createHash('sha256').update(canonicalAudit(record)).digest('hex'));
  expect(records.map(({ hash }) => hash)).toEqual(hashes);
}

describe('every route that writes', () => {
  it('makes one record when it succeeds', async () => {
    for (const route of writeRoutes()) {
      const success = succeed[routeOf(route)] ?? missing(routeOf(route));
      const [key, status] = await success();
      expect([routeOf(route), Math.floor(status / 100)]).toEqual([routeOf(route), 2]);
      expect((await by(key)).map(({ outcome, code }) => [routeOf(route), outcome, code])).toEqual([
        [routeOf(route), 'done', null],
      ]);
    }
  });

  it('makes one record when it is refused, whoever refuses', async () => {
    for (const { method, path } of writeRoutes()) {
      const target = path.replaceAll(/\{\w+\}/g, () => randomUUID());
      const inspector = await harness.key('inspector');
      expect(await call(inspector, method, target)).toBe(403);
      const subject = base + path.replaceAll(/\{(\w+)\}/g, ':$1');
      const refused = { action: 'request', outcome: 'refused', subject, actor: inspector.id, role: 'inspector' };
      expect(await by(inspector)).toEqual([expect.objectContaining({ ...refused, code: 'forbidden' })]);
      const administrator = await harness.key('administrator');
      const status = await call(administrator, method, target, { nonsense: true });
      expect(await by(administrator)).toEqual([
        expect.objectContaining({ subject, outcome: 'refused', details: { method, status } }),
      ]);
    }
  });

  it('makes no record of somebody whom it does not know', async () => {
    const before = await harness.audit("action = 'request'");
    expect((await harness.send(null, 'POST', '/print-runs', {})).status).toBe(401);
    expect(await harness.audit("action = 'request'")).toEqual(before);
  });
});

describe('the audit log', () => {
  it('stays one chain while many write', async () => {
    const stories = [await released(2000), await released(3000), await released(4000)];
    const key = await harness.key('administrator');
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, index) => {
        const batchId = stories[index % 3]?.batch.id;
        return call(key, 'POST', '/print-runs', { batchId, count: index % 2 === 0 ? 2 : 2500 });
      }),
    );
    expect(new Set(answers)).toEqual(new Set([201, 409]));
    await harness.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM print_run WHERE status = 'signing')");
    expect((await by(key)).length).toBe(9);
    expectChain(await harness.audit());
  });

  it.each([
    "UPDATE audit_record SET actor = 'x' WHERE seq = 1",
    'DELETE FROM audit_record WHERE seq = 1',
    'TRUNCATE audit_record',
  ])('refuses %s', async (statement) => {
    await expect(harness.sql.query(statement)).rejects.toThrow('the audit log is only added to');
  });

  it('tells of a signature before it is made, and again when a run goes on after a crash', async () => {
    const { batch, organisation } = await released();
    const key = await harness.key('producer', { organisationId: organisation.id });
    await harness.sql.query(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
      CREATE TRIGGER crash BEFORE INSERT ON label FOR EACH ROW WHEN (NEW.position = 50) EXECUTE FUNCTION crash()`);
    const { body } = await harness.send(key, 'POST', '/print-runs', { batchId: batch.id, count: 60 });
    await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", body.id);
    const records = await harness.audit("subject = $1 AND action = 'labels.sign'", body.id);
    expect(records.map(({ outcome, details }) => [outcome, details])).toEqual([
      ['intended', { from: 1, labels: 60 }],
      ['intended', { from: 1, labels: 60 }],
      ['done', { from: 1, labels: 60 }],
    ]);
    expect(new Set(records.map(({ correlationId }) => correlationId)).size).toBe(1);
  });

  it('tells once of a certificate that is refused', async () => {
    const told = story({ organisation: { gtinPrefix: '4870000' } });
    await harness.receive(...Object.values(told.told));
    const { organisation } = told;
    await harness.until(
      "SELECT 1 FROM audit_record WHERE organisation_id = $1 AND outcome = 'refused'",
      organisation.id,
    );
    await released();
    expect(await harness.audit('organisation_id = $1', organisation.id)).toMatchObject([
      { action: 'certificate.issue', actor: 'system', outcome: 'refused', code: 'conflict' },
    ]);
  });

  it('is read in pages and exported whole, by administrators alone', async () => {
    const key = await harness.key('administrator');
    const { body } = await harness.send(key, 'GET', '/audit?after=3&limit=4');
    expect(body.items.map(({ seq }: AuditRecord) => seq)).toEqual([4, 5, 6, 7]);
    const { body: file, headers } = await harness.download('/audit/export', key);
    expect(headers['content-type']).toBe('application/x-ndjson');
    const lines = file
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { records, head } = lines.pop();
    expect(records).toBe(lines.length);
    expect(head).toEqual({ seq: lines.length, hash: lines.at(-1).hash });
    expectChain(lines.map((line) => auditRecord.parse(line)));
    for (const role of ['producer', 'officer', 'committee', 'inspector'] as const)
      expect((await harness.send(await harness.key(role), 'GET', '/audit')).status).toBe(403);
  });
});
