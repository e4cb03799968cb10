import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { isUnavailable } from '../database/faults.js';
import type { Log } from '../observe/log.js';
import type { Metrics } from '../observe/metrics.js';
import type { EventSource } from './event-server.js';
import { inLanes } from './lanes.js';
import type { Message } from './publisher.js';

type Receive = (message: Message, heartbeat: () => Promise<void>) => Promise<void>;

/** How long a partition rests when a dependency of its handler is down. */
const restMilliseconds = 1000;
/** Events of different keys are handled beside each other: so many of a partition, of so many partitions. */
const lanesOfPartition = 16;
const partitionsAtOnce = 4;

/** Reads a service's topics from Kafka in one consumer group named after the service. */
export class KafkaSource implements EventSource {
  private readonly consumer: Consumer;
  private joinedAt: number | undefined;
  private lastFetchAt = 0;
  private lag = new Map<string, number>();

  constructor(
    kafka: Kafka,
    groupId: string,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly onFatal: () => void,
  ) {
    this.consumer = kafka.consumer({
      groupId,
      // How long the others wait for a member that was killed. A handler with all its attempts takes far less.
      sessionTimeout: 10_000,
      heartbeatInterval: 1000,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 300, maxRetryTime: 5000, retries: 10 },
    });
  }

  async start(topics: string[], receive: Receive): Promise<void> {
    const { GROUP_JOIN, FETCH, CRASH } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, () => void (this.joinedAt = Date.now()));
    this.consumer.on(FETCH, () => void (this.lastFetchAt = Date.now()));
    this.consumer.on(CRASH, ({ payload }) => {
      this.log.emit('error', 'consumer crashed', { restart: payload.restart }, payload.error);
      if (!payload.restart) this.onFatal();
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics, fromBeginning: true });
    await this.consumer.run({
      autoCommitInterval: 1000,
      autoCommitThreshold: 1000,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => this.eachBatch(payload, receive),
    });
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }

  /** What readiness needs to know: whether the group was joined, how long ago messages were asked for, and the lag. */
  status(): { joined: boolean; secondsSinceFetch: number; lag: number } {
    return {
      joined: this.joinedAt !== undefined,
      secondsSinceFetch: this.lastFetchAt === 0 ? Infinity : (Date.now() - this.lastFetchAt) / 1000,
      lag: [...this.lag.values()].reduce((sum, lag) => sum + lag, 0),
    };
  }

  /** What was handled beyond a message that has to wait comes again with it, and the inbox knows it. */
  private async eachBatch(payload: EachBatchPayload, receive: Receive): Promise<void> {
    const { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale, pause } = payload;
    const { topic, messages } = batch;
    const keys = messages.map(({ key }) => key?.toString() ?? '');
    let waits = false;
    await inLanes({
      keys,
      lanes: lanesOfPartition,
      handle: async (position) => {
        const found = messages[position];
        if (found === undefined || !isRunning() || isStale()) return false;
        const message = { topic, key: keys[position] ?? '', value: found.value?.toString() ?? '' };
        const handled = await this.receive(message, found.offset, heartbeat, receive);
        if (!handled) waits = true;
        return handled;
      },
      done: async (position) => {
        const reached = messages[position];
        if (reached !== undefined) resolveOffset(reached.offset);
        await commitOffsetsIfNecessary();
        await heartbeat();
      },
    });
    if (waits) {
      setTimeout(pause(), restMilliseconds).unref();
      return;
    }
    const partition = String(batch.partition);
    const behind = Number(batch.offsetLag());
    this.lag.set(`${topic}/${partition}`, behind);
    this.metrics.consumerLag.set({ topic, partition }, behind);
  }

  /** False when the message has to come again. */
  private async receive(
    message: Message,
    offset: string,
    heartbeat: () => Promise<void>,
    receive: Receive,
  ): Promise<boolean> {
    try {
      await receive(message, heartbeat);
      return true;
    } catch (error) {
      if (!isUnavailable(error))
        this.log.emit('error', 'message could not be set aside', { topic: message.topic, offset }, error);
      return false;
    }
  }
}
