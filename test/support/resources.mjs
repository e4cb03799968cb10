import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../../scripts/lib/run.mjs';
import { temporaryPostgres } from '../../scripts/lib/temporary-postgres.mjs';

/**
 * What tests need from outside of memory, started at the first wish for it and once a run: a PostgreSQL with one
 * migrated template for each service, and a Kafka. Jest's workers ask over HTTP on the loopback interface.
 */
export async function serveResources() {
  const stops = [];
  const databases = lazily(() => openDatabases(stops));
  const brokers = lazily(() => openBrokers(stops));
  const routes = {
    'POST database': async (service) => ({ url: await (await databases()).create(service) }),
    'DELETE database': async (name) => (await databases()).drop(name),
    'POST kafka': async () => ({ brokers: await brokers() }),
  };
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    const [, secret, resource, argument] = request.url.split('/');
    const route = secret === token && routes[`${request.method} ${resource}`];
    const answer = route ? route(argument) : Promise.reject(new Error('no such resource'));
    answer.then(
      (value) => response.end(JSON.stringify(value ?? {})),
      (error) => response.writeHead(500).end(error.stack),
    );
  });
  // A connection that the server closes while the next request is on its way would fail a test.
  server.keepAliveTimeout = 0;
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  async function stop() {
    server.closeAllConnections();
    server.close();
    for (const end of stops.reverse()) await end();
  }
  return { url: `http://127.0.0.1:${server.address().port}/${token}`, stop };
}

function lazily(make) {
  let made;
  return () => (made ??= make());
}

async function openDatabases(stops) {
  const { migrate } = await import(join(root, 'dist', 'libs', 'platform', 'src', 'migrate', 'migrate.js'));
  const given = process.env.TEST_DATABASE_URL;
  const postgres = given ? undefined : await temporaryPostgres();
  const admin = new pg.Client({ connectionString: given ?? postgres.adminUrl });
  await admin.connect();
  const prefix = `test_${randomBytes(4).toString('hex')}`;
  const made = new Set();
  const templates = new Map();

  const urlOf = (name) => Object.assign(new URL(given ?? postgres.adminUrl), { pathname: name }).href;
  const create = async (name, suffix = '') => {
    made.add(name);
    await admin.query(`CREATE DATABASE ${name} ${suffix}`);
  };
  const drop = async (name) => {
    if (made.delete(name)) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  const makeTemplate = async (service) => {
    const name = `${prefix}_${service.replaceAll('-', '_')}`;
    await create(name);
    await migrate({ service, databaseUrl: urlOf(name) });
    return name;
  };
  stops.push(async () => {
    if (given) for (const name of made) await drop(name);
    await admin.end();
    await postgres?.stop();
  });
  let last = Promise.resolve();
  let count = 0;
  // One at a time: a template must not be in use while it is copied.
  const inTurn = (work) => (last = last.then(work, work));
  return {
    drop: (name) => inTurn(() => drop(name)),
    create: (service) =>
      inTurn(async () => {
        if (!templates.has(service)) templates.set(service, await makeTemplate(service));
        const name = `${templates.get(service)}_${(count += 1)}`;
        await patiently(() => create(name, `TEMPLATE ${templates.get(service)}`));
        return urlOf(name);
      }),
  };
}

/** A session that has just ended can count as using the template for a moment longer (error 55006). */
async function patiently(work, attempts = 20) {
  try {
    await work();
  } catch (error) {
    if (error.code !== '55006' || attempts === 0) throw error;
    await new Promise((later) => setTimeout(later, 50));
    await patiently(work, attempts - 1);
  }
}

async function openBrokers(stops) {
  if (process.env.KAFKA_BROKERS) return process.env.KAFKA_BROKERS;
  const { startTemporaryKafka } = await import('../../scripts/kafka.mjs');
  const kafka = await startTemporaryKafka();
  stops.push(() => kafka.stop());
  return kafka.brokers;
}
