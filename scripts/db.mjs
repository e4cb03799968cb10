// npm run db:migrate [service]              brings the databases of DATABASE_URL_<SERVICE> up to date
// npm run db:diff NAME [-- service]         writes a migration for each service whose schema has changed
// npm run db:check                          fails when a schema and its migrations differ
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, root, say, services } from './lib/run.mjs';
import { temporaryPostgres } from './lib/temporary-postgres.mjs';
import { setup } from './setup.mjs';

const commands = { migrate: migrateAll, diff: writeMigrations, check: checkMigrations };

async function migrateAll([only]) {
  const { migrate } = await migrations();
  const chosen = choose(only);
  const urls = new Map(chosen.map((service) => [service, process.env[variable(service)]]));
  const missing = chosen.filter((service) => !urls.get(service)).map(variable);
  if (missing.length > 0) throw new Failure(`No address for the database: set ${missing.join(', ')}.`);
  for (const service of chosen) {
    const applied = await migrate({ service, databaseUrl: urls.get(service) });
    say(`${service}: ${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}`);
  }
}

async function writeMigrations([name, only]) {
  if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
    throw new Failure('Say what changes, in lower case: npm run db:diff add_consent [-- service]');
  }
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  for (const [service, sql] of await differences(choose(only))) {
    if (sql === '') continue;
    const folder = join('prisma', service, 'migrations', `${time}_${name}`);
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'migration.sql'), sql);
    say(`${folder}/migration.sql`);
  }
}

async function checkMigrations() {
  const different = (await differences(services)).filter(([, sql]) => sql !== '');
  if (different.length === 0) return;
  const list = different
    .map(([service, sql]) => `-- ${service}\n${sql.split('\n').slice(0, 30).join('\n')}`)
    .join('\n');
  throw new Failure(
    `The migrations do not lead to the schema; run npm run db:diff NAME. What is missing begins:\n${list}`,
  );
}

/** For each service the SQL that its migrations lack. */
async function differences(chosen) {
  const { missingSql } = await migrations();
  const postgres = await temporaryPostgres();
  try {
    const found = [];
    for (const service of chosen) found.push([service, await missingSql(service, postgres.adminUrl)]);
    return found;
  } finally {
    await postgres.stop();
  }
}

function choose(only) {
  if (only === undefined) return services;
  if (services.includes(only)) return [only];
  throw new Failure(`There is no service "${only}"; there are ${services.join(', ')}.`);
}

function variable(service) {
  return `DATABASE_URL_${service.toUpperCase().replaceAll('-', '_')}`;
}

function migrations() {
  return import(join(root, 'dist', 'libs', 'platform', 'src', 'migrate', 'migrate.js'));
}

await main(import.meta.url, async ([command, ...args]) => {
  const run = commands[command];
  if (!run) throw new Failure(`usage: node scripts/db.mjs ${Object.keys(commands).join('|')}`);
  await setup({ allowTypeErrors: true });
  await run(args);
});
