// npm run topics              creates the topics of the contracts at KAFKA_BROKERS; those that exist stay as they are.
import { join } from 'node:path';
import { Failure, main, root, say } from './lib/run.mjs';

/** Creates every topic that is missing, and gives the names of those. The brokers decide how many copies they keep. */
export async function createTopics(brokers) {
  const { Kafka, logLevel } = await import('kafkajs');
  const contracts = await import(join(root, 'dist', 'libs', 'contracts', 'src', 'index.js'));
  const deadLetters = contracts.services.map((service) => ({
    name: contracts.deadLetterTopic(service),
    partitions: 1,
  }));
  const wanted = [...contracts.topics, ...deadLetters];
  const client = new Kafka({ clientId: 'topics', brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const admin = client.admin();
  await admin.connect();
  try {
    const existing = await admin.listTopics();
    const missing = wanted.filter(({ name }) => !existing.includes(name));
    const topics = missing.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions }));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
    return missing.map(({ name }) => name);
  } finally {
    await admin.disconnect();
  }
}

await main(import.meta.url, async () => {
  const brokers = process.env.KAFKA_BROKERS;
  if (!brokers) throw new Failure('Set KAFKA_BROKERS to the address of a broker, such as 127.0.0.1:9092.');
  const created = await createTopics(brokers);
  say(created.length > 0 ? `Created ${created.join(', ')}` : 'Every topic is there.');
});
