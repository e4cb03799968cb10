import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { resource } from './resource.js';

const started = z.object({ brokers: z.string() });

/** The brokers that this run's tests share: those of KAFKA_BROKERS, or a Kafka started for the run. */
export async function testBrokers(): Promise<string[]> {
  return started.parse(await resource('POST', 'kafka')).brokers.split(',');
}

/** Creates a topic of a name that no other test has, and gives the name. */
export async function freshTopic(brokers: string[], partitions = 1): Promise<string> {
  const topic = `test.${randomUUID()}`;
  const admin = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  return topic;
}
