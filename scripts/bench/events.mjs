import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { StepRecorded } from '#contracts';
import { createKafka, KafkaPublisher, Log, Metrics, newId, Relay } from '#platform';
import { startTemporaryKafka } from '../kafka.mjs';
import { whyNoKafka } from '../lib/tools.mjs';
import { say } from '../lib/run.mjs';
import { createTopics } from '../topics.mjs';
import { environmentOf, onGround, serviceHere, until } from './ground.mjs';
import { compare, interleave, rateOf } from './measure.mjs';
import { message, stepOf } from './story.mjs';

const count = 2000;
const batches = 100;
const inOneSend = 1000;
const quiet = new Log('bench', 'error', (line) => void process.stderr.write(line));

/** From the commit of events in one service's outbox to their effect in another's database, over a real Kafka. */
export async function benchEvents() {
  const reason = whyNoKafka();
  if (reason !== undefined) {
    say(`  skipped: ${reason}`);
    return [];
  }
  return onGround(async (ground) => {
    const brokers = await openBrokers(ground);
    const raw = await openRaw(ground, brokers);
    const relay = await openRelay(ground, brokers);
    const resolver = await openResolver(ground, brokers);
    const rates = await interleave(
      {
        raw: () => raw.pass(makeMessages()),
        produce: () => raw.produce(makeMessages()),
        relay: async () => {
          await relay.fill(makeMessages(), 'bench.relay');
          return relay.drain();
        },
        ours: async () => {
          await relay.fill(makeMessages(), StepRecorded.topic);
          return relay.drain(() => resolver.handled());
        },
      },
      { rounds: 3 },
    );
    return [
      compare('outbox to handled event, Kafka', 'events/s', rates.ours, [rates.raw]),
      compare('  of it: outbox to broker', 'events/s', rates.relay, [rates.produce]),
    ];
  });
}

/** Steps recorded in a hundred batches at once, so that their events lie in every partition. */
function makeMessages() {
  const ids = Array.from({ length: batches }, () => randomUUID());
  return Array.from({ length: count }, (_, number) => {
    const batchId = ids[number % batches];
    return message(StepRecorded, batchId, { batchId, step: stepOf((number % 13) + 1, batchId) });
  });
}

async function openBrokers(ground) {
  const given = process.env.KAFKA_BROKERS;
  const kafka = given ? undefined : await startTemporaryKafka();
  if (kafka) ground.onStop(() => kafka.stop());
  const brokers = given ?? kafka.brokers;
  await createTopics(brokers);
  return brokers;
}

/** kafkajs as it comes: 1,000 messages a send, a whole batch a call of the handler, which only counts. */
async function openRaw(ground, brokers) {
  const kafka = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const topic = `bench.raw.${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  const names = [topic, 'bench.relay'];
  await admin.createTopics({ topics: names.map((name) => ({ topic: name, numPartitions: 6 })), waitForLeaders: false });
  // The client gives up at once on a topic whose partitions are being placed.
  await until(() => admin.fetchTopicMetadata({ topics: names }).catch(() => false), 50);
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  await Promise.all([producer.connect(), consumer.connect()]);
  ground.onStop(() => Promise.all([producer.disconnect(), consumer.disconnect()]));
  let received = 0;
  let arrived = () => undefined;
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise((settle) => consumer.on(consumer.events.GROUP_JOIN, settle));
  await consumer.run({
    eachBatch: async ({ batch }) => {
      received += batch.messages.length;
      arrived();
    },
  });
  await joined;
  const send = async (to, messages) => {
    for (let at = 0; at < messages.length; at += inOneSend) {
      const part = messages.slice(at, at + inOneSend).map(({ key, value }) => ({ key, value }));
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic: to, messages: part }] });
    }
  };
  return {
    produce: (messages) => rateOf(count, () => send('bench.relay', messages)),
    pass(messages) {
      const wanted = received + messages.length;
      const all = new Promise((settle) => (arrived = () => received >= wanted && settle()));
      return rateOf(count, () => Promise.all([send(topic, messages), all]));
    },
  };
}

/** The outbox of a service and its relay, which is switched on for the time of a measurement. */
async function openRelay(ground, brokers) {
  const { url, sql } = await ground.database('batch-tracking');
  const publisher = new KafkaPublisher(createKafka(brokers.split(','), 'batch-tracking', quiet));
  await publisher.start();
  ground.onStop(() => publisher.stop());
  const relay = new Relay(url, publisher, quiet, new Metrics('bench', { processMetrics: false }));
  const isEmpty = async () => (await sql.query('SELECT 1 FROM outbox LIMIT 1')).rowCount === 0;
  return {
    fill: (messages, topic) =>
      sql.query(
        `INSERT INTO outbox (event_id, topic, key, value)
         SELECT id, $1, key, value FROM unnest($2::uuid[], $3::text[], $4::text[]) AS event (id, key, value)`,
        [topic, ...[() => newId(new Date()), ({ key }) => key, ({ value }) => value].map((part) => messages.map(part))],
      ),
    async drain(done = async () => true) {
      const rate = await rateOf(count, async () => {
        await relay.start();
        await until(isEmpty);
        await until(done);
      });
      await relay.stop();
      return rate;
    },
  };
}

/** The resolver as it is: its handler stores a step, once, in a transaction an event. */
async function openResolver(ground, brokers) {
  const { url } = await ground.database('resolver');
  const service = await serviceHere(ground, 'resolver', environmentOf(url, { KAFKA_BROKERS: brokers }));
  await service.start({ listen: false });
  await until(() => service.events.unwrap().status().joined);
  let wanted = 0;
  const total = async () => {
    const { values } = await service.metrics.events.get();
    const failed = values.find(({ labels }) => labels.outcome !== 'handled');
    if (failed !== undefined) throw new Error(`an event came to ${failed.labels.outcome}`);
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    /** To be asked until it is true: every event of this round has had its effect. */
    async handled() {
      if ((await total()) < wanted + count) return false;
      wanted += count;
      return true;
    },
  };
}
