import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import type { Message, Publisher } from './publisher.js';

/** Publishes to Kafka: one `sendBatch`, every replica's word, no duplicates from the client's own retries. */
export class KafkaPublisher implements Publisher {
  private readonly producer: Producer;

  constructor(kafka: Kafka) {
    this.producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  start(): Promise<void> {
    return this.producer.connect();
  }

  async publish(messages: readonly Message[]): Promise<void> {
    const byTopic = new Map<string, { key: string; value: string; headers: Record<string, string> }[]>();
    const headers = { 'content-type': 'application/cloudevents+json' };
    for (const { topic, key, value } of messages) {
      const list = byTopic.get(topic) ?? [];
      if (list.length === 0) byTopic.set(topic, list);
      list.push({ key, value, headers });
    }
    await this.producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, list]) => ({ topic, messages: list })),
    });
  }

  stop(): Promise<void> {
    return this.producer.disconnect();
  }
}
