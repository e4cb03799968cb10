import { randomUUID, sign } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import { newId } from '#platform';
import { anySerial, makeAuthority, openRun } from './authority.mjs';
import { administratorKey, environmentOf, onGround, processOf, serviceHere, until } from './ground.mjs';
import { compare, interleave, rateOf } from './measure.mjs';
import { makeStory } from './story.mjs';

const count = 10_000;

/** A print run, signed and stored: in process, and from the request over HTTP to the run's being complete. */
export function benchPrintRun() {
  return onGround(async (ground) => {
    const here = await openSigning(ground);
    const http = await openHttp(ground);
    const authority = makeAuthority();
    const { input } = openRun(authority).prepare(anySerial());
    const key = { key: authority.privateKey, dsaEncoding: 'ieee-p1363' };
    let rows;
    const rates = await interleave(
      {
        ours: async () => {
          const id = await here.intend();
          const rate = await rateOf(count, () => here.sign(id));
          rows = await here.rowsOf(id);
          return rate;
        },
        copy: async () => {
          const bytes = encodeRows(rows);
          return rateOf(count, () => here.copy(bytes));
        },
        raw: () =>
          rateOf(count, () => {
            for (let i = 0; i < count; i++) sign('sha256', input, key);
          }),
        http: () => rateOf(count, () => http.print(count)),
      },
      { rounds: 5 },
    );
    const limits = [rates.raw, rates.copy];
    return [
      compare('print run of 10,000, in process', 'labels/s', rates.ours, limits, 0.5),
      compare('print run of 10,000, over HTTP', 'labels/s', rates.http, limits, 0.35),
      compare('  of these limits: binary COPY', 'rows/s', rates.copy, [rates.raw]),
    ];
  });
}

/** Labeling in this process. Its background work rests, so that only what is measured signs. */
async function openSigning(ground) {
  const { url, sql } = await ground.database('labeling');
  const service = await serviceHere(ground, 'labeling', environmentOf(url));
  const { PrintRunsService } = await import('../../dist/apps/labeling/src/print-runs/print-runs.service.js');
  const { SigningService } = await import('../../dist/apps/labeling/src/print-runs/signing.service.js');
  const story = makeStory();
  for (const message of story.messages) await service.events.receive(message);
  await certificateOf(sql);
  const actor = { id: randomUUID(), role: 'administrator', organisationId: null, country: null };
  const first = await service.app.get(PrintRunsService).request(actor, { batchId: story.batchId, count: 1 });
  const signing = service.app.get(SigningService);
  await until(() => isComplete(sql, first.id));
  await signing.onModuleDestroy();
  await sql.query('CREATE TABLE label_copied (LIKE label INCLUDING ALL)');
  return {
    /** Another run of the same batch, as the request would have left it. */
    async intend() {
      const id = newId(new Date());
      const change = { id, count, issued: 0, status: 'signing', completed_at: null };
      await sql.query(
        `INSERT INTO print_run SELECT (jsonb_populate_record(first, $2)).* FROM print_run first WHERE id = $1`,
        [first.id, change],
      );
      return id;
    },
    async sign(id) {
      await signing.signRun(id);
      if (!(await isComplete(sql, id))) throw new Error('the run is not complete');
    },
    rowsOf: async (id) => (await sql.query('SELECT * FROM label WHERE run_id = $1 ORDER BY position', [id])).rows,
    copy: (bytes) =>
      pipeline(
        Readable.from([bytes]),
        sql.query(
          copyFrom('COPY label_copied (gtin, serial, run_id, position, signature, state) FROM STDIN (FORMAT binary)'),
        ),
      ),
  };
}

/** Labeling in a process of its own, asked as a user asks. */
export async function openHttp(ground) {
  const { url, sql } = await ground.database('labeling');
  const { port, ask } = await processOf(ground, 'serve.mjs', ['labeling'], environmentOf(url));
  const story = makeStory();
  await ask({ receive: story.messages });
  await certificateOf(sql);
  const headers = { 'x-api-key': await administratorKey(sql), 'content-type': 'application/json' };
  const base = `http://127.0.0.1:${port}/api/labeling/print-runs`;
  const call = async (path, init) => {
    const answer = await fetch(base + path, { headers, ...init });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    ask,
    call,
    /** Asks for a run and waits until it is complete; gives its id. */
    async print(labels) {
      const body = JSON.stringify({ batchId: story.batchId, count: labels });
      const { id } = await (await call('', { method: 'POST', body })).json();
      await until(async () => (await (await call(`/${id}`)).json()).status === 'complete');
      return id;
    },
  };
}

const certificateOf = (sql) =>
  until(
    async () =>
      (await sql.query("SELECT 1 FROM certificate WHERE profile = 'label-signer' AND der IS NOT NULL")).rowCount,
  );

const isComplete = async (sql, id) =>
  (await sql.query("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", [id])).rowCount === 1;

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

/** Rows of the table of labels in PostgreSQL's binary COPY format. */
function encodeRows(rows) {
  const field = (bytes) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes.length);
    return [length, bytes];
  };
  const parts = [header];
  for (const { gtin, serial, run_id: run, position, signature, state } of rows) {
    const number = Buffer.alloc(4);
    number.writeInt32BE(position);
    const columns = [Buffer.from(gtin), Buffer.from(serial), Buffer.from(run.replaceAll('-', ''), 'hex'), number];
    parts.push(Buffer.from([0, 6]), ...[...columns, signature, Buffer.from(state)].flatMap(field));
  }
  return Buffer.concat([...parts, Buffer.from([0xff, 0xff])]);
}
