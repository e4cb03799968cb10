import { expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { freshTopic, testBrokers } from '../test/support/kafka.js';
import { describeWith } from '../test/support/require.js';

describeWith('kafka', 'the broker of the tests', () => {
  it('takes messages from an idempotent producer and hands them to a group in their order', async () => {
    const brokers = await testBrokers();
    const topic = await freshTopic(brokers);
    const kafka = new Kafka({ clientId: 'spec', brokers, logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: ['a', 'b', 'c'].map((value) => ({ key: 'k', value })) });
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: topic, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
    const seen: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((whole, failed) => {
      consumer
        .run({
          eachMessage: async ({ message }) => {
            if (seen.push(String(message.value)) === 3) whole();
          },
        })
        .catch(failed);
    });
    await consumer.disconnect();
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('makes no topic by itself', async () => {
    const admin = new Kafka({ clientId: 'spec', brokers: await testBrokers(), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await expect(admin.fetchTopicMetadata({ topics: ['misspelt'] })).rejects.toThrow(/topic/);
    await admin.disconnect();
  });
});
