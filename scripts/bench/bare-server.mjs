// The limit of a scan: node:http, one P-256 verification, one prepared select by primary key. Nothing else.
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { cpuSeconds } from './measure.mjs';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
let checks;

const server = createServer((request, response) => void answer(request, response));

/** Paths are `/NUMBER/GTIN/SERIAL`; the number names the signature to verify. */
async function answer(request, response) {
  const [, number, gtin, serial] = request.url.split('/');
  const { input, signature, key } = checks[Number(number) % checks.length];
  const holds = verify('sha256', input, key, signature);
  const text = 'SELECT print_run_id, voided_at, scans FROM label WHERE gtin = $1 AND serial = $2';
  const { rows } = await pool.query({ name: 'label', text, values: [gtin, serial] });
  response.writeHead(holds && rows.length === 1 ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(rows[0] ?? null));
}

process.on('message', ({ checks: given, cpu }) => {
  if (cpu) {
    process.send({ cpu: cpuSeconds() });
    return;
  }
  if (given === undefined) {
    server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
    return;
  }
  const bytes = (text) => Buffer.from(text, 'base64');
  const key = (spki) => createPublicKey({ key: bytes(spki), format: 'der', type: 'spki' });
  checks = given.signed.map(({ input, signature }) => ({
    ...{ input: bytes(input), signature: bytes(signature) },
    key: { key: key(given.spki), dsaEncoding: 'ieee-p1363' },
  }));
  process.send({});
});
process.on('disconnect', () => process.exit(0));
