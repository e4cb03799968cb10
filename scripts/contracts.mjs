// npm run contracts [-- --check]   writes docs/events and docs/api from the schemas, or says which of them are out of date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Failure, main, root, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

const folders = ['docs/events', 'docs/api'];

async function contracts([flag]) {
  if (flag !== undefined && flag !== '--check') throw new Failure('usage: npm run contracts [-- --check]');
  await setup();
  const wanted = new Map([...(await eventDocuments()), ...(await apiDocuments())]);
  const present = folders.flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [],
  );
  const generated = present.filter((name) => name.endsWith('.json'));
  const stale = generated.filter((name) => !wanted.has(name));
  const changed = [...wanted].filter(([name, text]) => !generated.includes(name) || read(name) !== text);
  if (flag === '--check') {
    const names = [...stale, ...changed.map(([name]) => name)];
    if (names.length > 0) throw new Failure(`Out of date (npm run contracts): ${names.join(', ')}`);
    return say(`${wanted.size} generated documents are up to date.`);
  }
  for (const name of stale) rmSync(join(root, name));
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  say(`${changed.length} documents written, ${stale.length} removed, ${wanted.size} in all.`);
}

const read = (name) => readFileSync(join(root, name), 'utf8');
const text = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** A JSON Schema for each event type, and one AsyncAPI 3.0 document of all topics. */
async function eventDocuments() {
  const { deadLetterTopic, eventTypes, services, topics } = await import('../dist/libs/contracts/src/index.js');
  const documents = new Map();
  const golden = (type) => JSON.parse(read(`libs/contracts/golden/${type}.json`));
  for (const { type, description, data } of eventTypes) {
    const schema = { title: type, description, ...z.toJSONSchema(data) };
    documents.set(`docs/events/${type}.schema.json`, text(schema));
  }
  const channels = Object.fromEntries(
    topics.map(({ name, partitions }) => [
      name,
      {
        address: name,
        bindings: { kafka: { topic: name, partitions } },
        messages: Object.fromEntries(
          eventTypes
            .filter(({ topic }) => topic === name)
            .map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    ]),
  );
  const messages = Object.fromEntries(
    eventTypes.map(({ type, description }) => [
      type,
      {
        name: type,
        summary: description,
        contentType: 'application/cloudevents+json',
        bindings: { kafka: { key: { type: 'string', description: 'the subject: the id of the aggregate' } } },
        payload: { $ref: `./${type}.schema.json` },
        examples: [{ payload: golden(type).data }],
      },
    ]),
  );
  const operations = Object.fromEntries(
    topics.map(({ name }) => [`publish ${name}`, { action: 'send', channel: { $ref: `#/channels/${name}` } }]),
  );
  const description = [
    'Every message is a CloudEvent 1.0 in structured JSON; the payload schemas describe its `data`.',
    `Messages that a service cannot handle go to its dead-letter topic: ${services.map(deadLetterTopic).join(', ')}.`,
  ].join(' ');
  const asyncapi = { asyncapi: '3.0.0', info: { title: 'ovop-trace events', version: '1', description } };
  documents.set('docs/events/asyncapi.json', text({ ...asyncapi, channels, operations, components: { messages } }));
  return documents;
}

/** The OpenAPI document of each service. */
async function apiDocuments() {
  const { documentOf } = await import('../dist/libs/platform/src/index.js');
  const environment = {
    DATABASE_URL: 'postgresql://localhost/none',
    PUBLIC_BASE_URL: 'http://localhost:3000',
    JWKS_URL: 'http://localhost:3000/api/registration/jwks.json',
    SESSION_SECRET: Buffer.alloc(32).toString('base64'),
    KEY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  };
  const documents = new Map();
  const exported = {
    registration: 'registration',
    'batch-tracking': 'batchTracking',
    labeling: 'labeling',
    resolver: 'resolver',
  };
  for (const [name, symbol] of Object.entries(exported)) {
    const { [symbol]: definition } = await import(`../dist/apps/${name}/src/${name}.js`);
    const { readConfig } = await import(`../dist/apps/${name}/src/config.js`);
    documents.set(`docs/api/${name}.json`, text(await documentOf(definition, readConfig(environment))));
  }
  return documents;
}

await main(import.meta.url, contracts);
