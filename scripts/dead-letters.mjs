// npm run dead-letters -- list SERVICE            what a service could not handle
// npm run dead-letters -- replay SERVICE NUMBER…  hands these to it again, once the reason is mended
// Over Kafka the dead letters are a topic, in one process a table of the service's database. Which it is and where,
// KAFKA_BROKERS or DATABASE_URL_<SERVICE> say, else what the running system left in DATA_DIR (default .data).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, root, say, services } from './lib/run.mjs';

async function deadLetters([command, service, ...numbers]) {
  if (!['list', 'replay'].includes(command) || !services.includes(service))
    throw new Failure(`usage: npm run dead-letters -- list|replay ${services.join('|')} [NUMBER…]`);
  if (command === 'replay' && (numbers.length === 0 || !numbers.every((number) => /^\d+$/.test(number))))
    throw new Failure('Name the numbers to replay; `list` shows them.');
  const { brokers, url } = connections(service);
  const store = brokers ? await openTopic(service, brokers) : await openTable(url);
  try {
    if (command === 'list') await list(store);
    else await replay(store, numbers);
  } finally {
    await store.close();
  }
}

async function list(store) {
  const letters = await store.read();
  for (const { number, topic, key, code, message, attempts, at } of letters)
    say(`${number}\t${at}\t${topic}\tkey ${key}\t${code} after ${attempts}\t${message.split('\n')[0]}`);
  say(`${letters.length} dead letters.`);
}

async function replay(store, numbers) {
  const letters = await store.read();
  for (const number of numbers) {
    const letter = letters.find((candidate) => candidate.number === number);
    if (letter === undefined) throw new Failure(`There is no dead letter ${number}.`);
    await store.send(letter);
    say(`Replayed ${number} to ${letter.topic}.`);
  }
}

/** Dead letters in the service's database; a replay goes out through its outbox, like any event. */
async function openTable(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async read() {
      const { rows } = await client.query(
        `SELECT id::text AS number, topic, key, value, error_code AS code, error_message AS message, attempts,
                to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
         FROM dead_letter WHERE replayed_at IS NULL ORDER BY id LIMIT 10000`,
      );
      return rows;
    },
    async send({ number, topic, key, value }) {
      await client.query('BEGIN');
      await client.query('INSERT INTO outbox (event_id, topic, key, value) VALUES ($1, $2, $3, $4)', [
        eventId(value, number),
        topic,
        key,
        value,
      ]);
      await client.query('UPDATE dead_letter SET replayed_at = now() WHERE id = $1', [number]);
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}

/** Only a CloudEvent can go out again; what never was one stays here to be looked at. */
function eventId(value, number) {
  try {
    const { id } = JSON.parse(value);
    if (/^[0-9a-f-]{36}$/.test(id)) return id;
  } catch {
    // The sentence below says it.
  }
  throw new Failure(`Dead letter ${number} is not an event; there is nothing to replay.`);
}

function connections(service) {
  const name = `DATABASE_URL_${service.replaceAll('-', '_').toUpperCase()}`;
  const { KAFKA_BROKERS: brokers, [name]: url } = process.env;
  if (brokers || url) return { brokers, url };
  const file = join(process.env.DATA_DIR ?? join(root, '.data'), 'connections.json');
  if (!existsSync(file)) throw new Failure(`Set KAFKA_BROKERS or ${name}, or start the system first.`);
  const running = JSON.parse(readFileSync(file, 'utf8'));
  return { brokers: running.brokers, url: running.databases[service] };
}

/** Dead letters as a topic: the number is the offset, a replay goes to the topic that the message came from. */
async function openTopic(service, addresses) {
  const { Kafka, logLevel, Partitioners } = await import('kafkajs');
  const brokers = addresses.split(',');
  const kafka = new Kafka({ clientId: 'dead-letters', brokers, logLevel: logLevel.ERROR });
  const topic = `${service}.dead-letter`;
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    read: () => readTopic(kafka, topic),
    send: ({ topic: origin, key, value }) =>
      producer.send({ topic: origin, acks: -1, messages: [{ key, value, headers: { replayed: 'true' } }] }),
    close: () => producer.disconnect(),
  };
}

async function readTopic(kafka, topic) {
  const admin = kafka.admin();
  await admin.connect();
  const [{ low, high }] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  if (low === high) return [];
  const consumer = kafka.consumer({ groupId: `dead-letters-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 200 });
  const letters = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((settle, fail) => {
    const eachMessage = async ({ message }) => {
      letters.push(letterOf(message));
      if (Number(message.offset) >= Number(high) - 1) settle();
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(fail);
  });
  await consumer.disconnect();
  return letters;
}

function letterOf({ offset, key, value, headers = {}, timestamp }) {
  const header = (name) => String(headers[name] ?? '');
  return {
    ...{ number: offset, topic: header('original-topic'), key: String(key ?? ''), value: value?.toString() ?? null },
    ...{ code: header('error-code'), message: header('error-message'), attempts: header('attempts') },
    at: new Date(Number(timestamp)).toISOString(),
  };
}

await main(import.meta.url, deadLetters);
