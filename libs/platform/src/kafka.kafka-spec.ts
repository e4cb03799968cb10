import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { deadLetterTopic, PlaceRecorded } from '#contracts';
import {
  KafkaPublisher,
  createKafka,
  Metrics,
  newId,
  publish,
  Relay,
  sqlOf,
  type Message,
  type Publisher,
} from '#platform';
import { createTopics } from '../../../scripts/topics.mjs';
import { testBrokers } from '../../../test/support/kafka.js';
import { describeWith } from '../../../test/support/require.js';
import { quiet, sample, until, type Harness } from '../test/harness.js';
import { placeNamed } from '../test/sample-service.js';

describeWith('kafka', 'events over Kafka', () => {
  let harness: Harness;
  let brokers: string[];
  let raw: Kafka;
  let producer: Producer;

  beforeAll(async () => {
    brokers = await testBrokers();
    await createTopics(brokers.join(','));
    raw = new Kafka({ brokers, clientId: 'spec', logLevel: logLevel.NOTHING });
    producer = raw.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    harness = await sample({ brokers });
    await harness.service.start({ listen: false });
  });
  afterAll(async () => {
    await harness.stop();
    await producer.disconnect();
  });
  beforeEach(() => {
    harness.handled.names.length = 0;
  });

  const add = async (key: string, names: string[]): Promise<void> => {
    await harness.sql.query('BEGIN');
    for (const name of names)
      await publish(sqlOf(harness.sql), PlaceRecorded, key, { place: placeNamed(name) }, new Date());
    await harness.sql.query('COMMIT');
  };
  const event = (name: string): string => {
    const id = newId(new Date());
    return JSON.stringify({
      ...{ specversion: '1.0', id, source: 'registration', type: PlaceRecorded.type, subject: 'k' },
      ...{ time: new Date().toISOString(), datacontenttype: 'application/json', correlationid: id },
      data: { place: placeNamed(name) },
    });
  };
  const send = (values: (string | null)[]) =>
    producer.send({ topic: PlaceRecorded.topic, messages: values.map((value) => ({ key: 'k', value })) });

  it('reach the handler once each, in order for each key', async () => {
    const keys = Array.from({ length: 20 }, (_, key) => `key ${key}`);
    for (const key of keys)
      await add(
        key,
        Array.from({ length: 25 }, (_, index) => `${key} / ${index}`),
      );
    await until(() => harness.handled.names.length >= 500);
    for (const key of keys) {
      const own = harness.handled.names.filter((name) => name.startsWith(`${key} /`));
      expect(own).toEqual(Array.from({ length: 25 }, (_, index) => `${key} / ${index}`));
    }
  });

  it('change nothing when the broker has them twice', async () => {
    const twice = event('delivered twice');
    await send([twice, twice, event('after the twin')]);
    await until(() => harness.handled.names.includes('after the twin'));
    expect(harness.handled.names.filter((name) => name === 'delivered twice')).toHaveLength(1);
  });

  it('land in the dead letters when they are poison, and those after them are handled', async () => {
    const before = await endOf(raw, deadLetterTopic('registration'));
    await send([event('poison pill'), '{bad', null, event('after the poison')]);
    await until(() => harness.handled.names.includes('after the poison'));
    const letters = await readFrom(brokers, deadLetterTopic('registration'), before, 3);
    expect(letters.map(({ headers }) => headers['error-code'])).toEqual(['invalid', 'invalid', 'invalid']);
    expect(letters[0]?.headers).toMatchObject({ 'original-topic': PlaceRecorded.topic, attempts: '1' });
    expect(letters[1]?.value).toBe('{bad');
  });

  it('wait for a dependency that is down, without overtaking and without a dead letter', async () => {
    const before = await endOf(raw, deadLetterTopic('registration'));
    harness.handled.failures = ['unavailable', 'unavailable'];
    await send([event('flaky until the database is back'), event('next in line')]);
    await until(() => harness.handled.names.includes('next in line'));
    expect(harness.handled.names).toEqual(['flaky until the database is back', 'next in line']);
    expect(await endOf(raw, deadLetterTopic('registration'))).toBe(before);
  });

  it('of other keys go on past one that waits, and are handled once', async () => {
    harness.handled.failures = ['unavailable', 'unavailable'];
    const names = Array.from({ length: 40 }, (_, index) => `beside ${index}`);
    await producer.send({
      topic: PlaceRecorded.topic,
      messages: [
        { key: 'waits', value: event('flaky for a while') },
        ...names.map((name, index) => ({ key: `other ${index % 5}`, value: event(name) })),
        { key: 'waits', value: event('after the one that waits') },
      ],
    });
    await until(() => harness.handled.names.includes('after the one that waits'));
    await until(() => harness.handled.names.length >= 42);
    const { names: handled } = harness.handled;
    expect([...handled].sort()).toEqual([...names, 'after the one that waits', 'flaky for a while'].sort());
    expect(handled.indexOf('flaky for a while')).toBeLessThan(handled.indexOf('after the one that waits'));
    for (let key = 0; key < 5; key++)
      expect(handled.filter((name) => names.indexOf(name) % 5 === key && name.startsWith('beside'))).toEqual(
        names.filter((_, index) => index % 5 === key),
      );
  });

  it('are handled once though the relay died between sending and deleting', async () => {
    const kafka = createKafka(brokers, 'registration', quiet());
    const publisher = new DyingPublisher(new KafkaPublisher(kafka));
    await publisher.start();
    await harness.service.stop();
    harness = await sample({ brokers });
    const relay = new Relay(harness.url, publisher, quiet(), new Metrics('test', { processMetrics: false }));
    await add('one key', ['sent twice 1', 'sent twice 2']);
    await relay.start();
    await until(() => publisher.calls === 2);
    await until(async () => (await harness.sql.query('SELECT 1 FROM outbox')).rowCount === 0);
    await relay.stop();
    await publisher.stop();
    await harness.service.start({ listen: false });
    await until(() => harness.handled.names.includes('sent twice 2'));
    await send([event('the end')]);
    await until(() => harness.handled.names.includes('the end'));
    expect(harness.handled.names.filter((name) => name.startsWith('sent twice'))).toEqual([
      'sent twice 1',
      'sent twice 2',
    ]);
  });
});

/** Sends, and then fails as if the process had died before it could note that it sent. */
class DyingPublisher implements Publisher {
  calls = 0;
  constructor(private readonly inner: KafkaPublisher) {}
  start(): Promise<void> {
    return this.inner.start();
  }
  async publish(messages: readonly Message[]): Promise<void> {
    await this.inner.publish(messages);
    if (++this.calls === 1) throw new Error('died after sending');
  }
  stop(): Promise<void> {
    return this.inner.stop();
  }
}

async function endOf(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(partition?.high ?? 0);
}

/** The messages of a topic of one partition from an offset on. */
async function readFrom(brokers: string[], topic: string, offset: number, count: number) {
  const kafka = new Kafka({ brokers, clientId: 'spec', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: newId(new Date()), maxWaitTimeInMs: 200 });
  const letters: { value: string; headers: Record<string, string> }[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (Number(message.offset) < offset) return;
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      letters.push({ value: String(message.value), headers: Object.fromEntries(headers) });
    },
  });
  await until(() => letters.length >= count);
  await consumer.disconnect();
  return letters;
}
