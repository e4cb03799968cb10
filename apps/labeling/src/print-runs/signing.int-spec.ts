import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { story } from '../../test/events.js';
import { startHarness, type Harness } from '../../test/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.stop());

async function ready(unitsProduced: number) {
  const told = story({ batch: { unitsProduced } });
  await harness.tell(told);
  const producer = await harness.key('producer', { organisationId: told.organisation.id });
  const ask = (count: number) => harness.send(producer, 'POST', '/print-runs', { batchId: told.batch.id, count });
  return { ...told, producer, ask };
}

const complete = (id: string) => harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", id);

/** What is there of a run: counter, rows, different serials, different positions, labels told. */
async function state(id: string) {
  const { rows } = await harness.sql.query(
    `SELECT r.issued, count(l.*)::int AS labels, count(DISTINCT l.serial)::int AS serials, max(l.position) AS last
     FROM print_run r LEFT JOIN label l ON l.run_id = r.id WHERE r.id = $1 GROUP BY r.id`,
    [id],
  );
  const events = await harness.outbox<{ printRunId: string; serials: string[] }>('labeling.label.issued.v1');
  const told = events.filter(({ printRunId }) => printRunId === id).flatMap(({ serials }) => serials);
  return { ...rows[0], told: new Set(told).size };
}
const whole = (count: number) => ({ issued: count, labels: count, serials: count, last: count, told: count });

/** Makes the label at a position wait for a lock that the test holds. */
async function holdAt(position: number): Promise<{ letGo(): Promise<void> }> {
  const holder = new Client({ connectionString: harness.environment['DATABASE_URL'] });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock(42)');
  await harness.sql.query(`
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NEW; END $$;
    CREATE TRIGGER hold BEFORE INSERT ON label FOR EACH ROW WHEN (NEW.position = ${position}) EXECUTE FUNCTION hold()`);
  return { letGo: () => holder.end() };
}
const held = () =>
  harness.until<{ pid: number }>("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted");

describe('signing', () => {
  it('goes on after its database connection was cut in the middle of a chunk', async () => {
    const { ask } = await ready(3000);
    const { letGo } = await holdAt(1500);
    const { body } = await ask(2500);
    const { pid } = await held();
    expect(await state(body.id)).toEqual(whole(1000));
    await harness.sql.query('SELECT pg_terminate_backend($1)', [pid]);
    await letGo();
    await complete(body.id);
    expect(await state(body.id)).toEqual(whole(2500));
  });

  it('ends between two chunks when the service stops, and is finished by the next start', async () => {
    const { ask } = await ready(6000);
    const { letGo } = await holdAt(1500);
    const { body } = await ask(6000);
    await held();
    const stopped = harness.service.stop();
    await letGo();
    await stopped;
    const { issued, ...rest } = await state(body.id);
    expect(issued % 1000).toBe(0);
    expect(issued).toBeLessThan(6000);
    expect(rest).toEqual({ labels: issued, serials: issued, last: issued, told: issued });
    await harness.start();
    await complete(body.id);
    expect(await state(body.id)).toEqual(whole(6000));
  });

  it('leaves nothing of a chunk that cannot be stored, and tries again', async () => {
    const { ask } = await ready(2000);
    await harness.sql.query(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') < 3 THEN RAISE 'disk full'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON label FOR EACH ROW WHEN (NEW.position = 1700) EXECUTE FUNCTION refuse()`);
    const { body } = await ask(2000);
    await complete(body.id);
    expect(await state(body.id)).toEqual(whole(2000));
  });

  it('draws a serial again that is taken, and only that one', async () => {
    const { ask } = await ready(200);
    await harness.sql.query(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') = 1 THEN RETURN NULL; END IF; RETURN NEW; END $$;
      CREATE TRIGGER take BEFORE INSERT ON label FOR EACH ROW WHEN (NEW.position = 7) EXECUTE FUNCTION take()`);
    const { body } = await ask(150);
    await complete(body.id);
    expect(await state(body.id)).toEqual(whole(150));
    const told = await harness.audit("subject = $1 AND action = 'labels.sign'", body.id);
    expect(told.map(({ outcome, details }) => [outcome, details])).toEqual([
      ['intended', { from: 1, labels: 150 }],
      ['intended', { from: 1, labels: 1 }],
      ['done', { from: 1, labels: 150 }],
    ]);
  });

  it('keeps concurrent runs of one batch within the allowance', async () => {
    const { ask, batch } = await ready(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(10)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
    await harness.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM print_run WHERE status = 'signing')");
    const { rows } = await harness.sql.query(
      'SELECT count(*)::int AS n FROM label l JOIN print_run r ON r.id = l.run_id WHERE r.batch_id = $1',
      [batch.id],
    );
    expect(rows).toEqual([{ n: 100 }]);
  });

  it('signs what was asked for, whatever is told of the batch in the meantime', async () => {
    const { ask, told, batch } = await ready(2000);
    const { letGo } = await holdAt(1500);
    const { body } = await ask(2000);
    await held();
    const changed = story({ batch: { ...batch, packedOn: '2026-09-30' } }).told.batch;
    await harness.receive(told.batch, changed);
    await letGo();
    await complete(body.id);
    const { rows } = await harness.sql.query('SELECT attributes FROM print_run WHERE id = $1', [body.id]);
    expect(rows[0].attributes).toEqual({ '13': '260905', '15': '280905', '422': '417' });
  });

  it('answers health and counts its signatures while it works', async () => {
    const { ask } = await ready(20_000);
    const { body } = await ask(20_000);
    const health = await fetch(`${await harness.service.app.getUrl()}/health/live`);
    expect(health.status).toBe(200);
    const { rows } = await harness.sql.query('SELECT status FROM print_run WHERE id = $1', [body.id]);
    expect(rows).toEqual([{ status: 'signing' }]);
    await complete(body.id);
    const figures = await harness.service.metrics.registry.metrics();
    expect(figures).toMatch(/ovop_signatures_total\{[^}]*purpose="label"[^}]*\} 20000/);
  });
});
