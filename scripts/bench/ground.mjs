import { randomBytes } from 'node:crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { createService, hashApiKey, LocalPublisher, Log } from '#platform';
import { migrate } from '../../dist/libs/platform/src/migrate/migrate.js';
import { temporaryPostgres } from '../lib/temporary-postgres.mjs';
import { host } from './story.mjs';

/** A PostgreSQL whose commits are as durable as in use, and what was started over it; `stop` ends all of it. */
export async function openGround() {
  const postgres = await temporaryPostgres({});
  const stops = [() => postgres.stop()];
  return {
    /** An empty, migrated database of a service. */
    async database(service) {
      const url = await postgres.createDatabase(`bench_${service.replaceAll('-', '_')}_${stops.length}`);
      await migrate({ service, databaseUrl: url });
      const sql = new pg.Client({ connectionString: url });
      await sql.connect();
      stops.push(() => sql.end());
      return { url, sql };
    },
    onStop: (stop) => void stops.push(stop),
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

/** Runs a benchmark on a ground of its own, which is gone afterwards, whatever happens. */
export async function onGround(work) {
  const ground = await openGround();
  try {
    return await work(ground);
  } finally {
    await ground.stop();
  }
}

/** What a service reads from its environment here: no rate limit, everything else as usual. */
export const environmentOf = (url, more = {}) => ({
  ...{ DATABASE_URL: url, PUBLIC_BASE_URL: `https://${host}`, JWKS_URL: 'http://127.0.0.1:9/jwks.json', PORT: '0' },
  ...{ DEMO_AUTHORITY: 'true', KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'), RATE_LIMIT_PER_MINUTE: '0' },
  ...more,
});

/** A service in this process; its log lines are made and dropped. With brokers its events travel over Kafka. */
export async function serviceHere(ground, name, environment) {
  const { [name]: definition } = await import(`../../dist/apps/${name}/src/${name}.js`);
  const { readConfig } = await import(`../../dist/apps/${name}/src/config.js`);
  const config = readConfig(environment);
  const service = await createService(definition, config, {
    ...(config.KAFKA_BROKERS.length > 0 ? {} : { publisher: new LocalPublisher() }),
    log: new Log(name, 'info', () => undefined),
    processMetrics: false,
  });
  ground.onStop(() => service.stop());
  return service;
}

/** A service, or whatever else `file` is, in a process of its own that ends with ours. */
export async function processOf(ground, file, args, environment = {}) {
  const child = fork(join(import.meta.dirname, file), args, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  ground.onStop(() => {
    if (child.connected) child.disconnect();
    return exited;
  });
  const ask = async (question) => {
    child.send(question);
    const [answer] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`${file} ${args.join(' ')} ended with ${code}`))),
    ]);
    return answer;
  };
  const { port } = await ask({ start: true });
  return { port, ask };
}

/** An API key that may do everything. */
export async function administratorKey(sql) {
  const key = `ovop_${randomBytes(16).toString('hex')}`;
  await sql.query("INSERT INTO api_key (id, hash, role) VALUES (gen_random_uuid(), $1, 'administrator')", [
    hashApiKey(key),
  ]);
  return key;
}

/** Asks every few milliseconds until `probe` gives something. */
export async function until(probe, milliseconds = 5) {
  for (;;) {
    const found = await probe();
    if (found) return found;
    await new Promise((later) => setTimeout(later, milliseconds));
  }
}
