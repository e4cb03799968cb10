import type { Pool } from 'pg';
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { deadLetterTopic, type ServiceName } from '#contracts';
import { sqlOf } from '../database/sql.js';
import type { Message } from './publisher.js';

/** A message that could not be handled, with the reason. */
export interface DeadLetter extends Message {
  errorCode: string;
  errorMessage: string;
  attempts: number;
}

/** Where messages go that a service cannot handle. When `add` rejects, the message counts as not received. */
export interface DeadLetters {
  start(): Promise<void>;
  add(letter: DeadLetter): Promise<void>;
  stop(): Promise<void>;
}

/** Dead letters as a table of the service's own database, for a process without a broker. */
export class TableDeadLetters implements DeadLetters {
  constructor(private readonly pool: Pool) {}

  async start(): Promise<void> {}

  async add(letter: DeadLetter): Promise<void> {
    const client = await this.pool.connect();
    try {
      await sqlOf(client).$executeRaw`
        INSERT INTO dead_letter (topic, key, value, error_code, error_message, attempts)
        VALUES (${letter.topic}, ${letter.key}, ${letter.value}, ${letter.errorCode}, ${letter.errorMessage},
                ${letter.attempts})`;
    } finally {
      client.release();
    }
  }

  async stop(): Promise<void> {}
}

/** Dead letters as a topic: the original value, and what is known about the failure in the headers. */
export class KafkaDeadLetters implements DeadLetters {
  private readonly producer: Producer;

  constructor(
    kafka: Kafka,
    private readonly service: ServiceName,
  ) {
    this.producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  start(): Promise<void> {
    return this.producer.connect();
  }

  async add({ topic, key, value, errorCode, errorMessage, attempts }: DeadLetter): Promise<void> {
    const headers = {
      'original-topic': topic,
      'error-code': errorCode,
      'error-message': errorMessage,
      attempts: String(attempts),
    };
    await this.producer.send({
      topic: deadLetterTopic(this.service),
      acks: -1,
      messages: [{ key, value, headers }],
    });
  }

  stop(): Promise<void> {
    return this.producer.disconnect();
  }
}
