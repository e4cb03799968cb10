import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObservable, lastValueFrom } from 'rxjs';
import { AppError, envelope, eventTypes, type Envelope, type EventType } from '#contracts';
import { withContext } from '../context.js';
import { isUnavailable } from '../database/faults.js';
import type { Log } from '../observe/log.js';
import type { Metrics } from '../observe/metrics.js';
import type { DeadLetters } from './dead-letters.js';
import type { Message } from './publisher.js';

/** Where messages come from when they do not come from this process: today Kafka. */
export interface EventSource {
  start(topics: string[], receive: (message: Message, heartbeat: () => Promise<void>) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** How often a handler that fails for no known reason is tried before its event is set aside. */
const attemptsOfABug = 5;

const known = new Map<string, EventType>(eventTypes.map((type) => [type.type, type]));

/**
 * Nest's transport for events: routes by event type to `@EventPattern(type)` handlers and decides about failures.
 *
 * | failure | what happens |
 * |---|---|
 * | not a CloudEvent, or data against the type's schema | dead letter at once |
 * | `AppError` other than `unavailable` | dead letter at once |
 * | database or broker down | `receive` rejects: the message stays where it is and comes again |
 * | anything else | five attempts, then dead letter |
 */
export class EventServer extends Server<never> implements CustomTransportStrategy {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly source?: EventSource,
  ) {
    super();
  }

  async listen(done: (error?: unknown) => void): Promise<void> {
    try {
      await this.deadLetters.start();
      const topics = this.topics();
      if (topics.size > 0)
        await this.source?.start([...topics], (message, heartbeat) => this.receive(message, heartbeat));
      done();
    } catch (error) {
      done(error);
    }
  }

  async close(): Promise<void> {
    await this.source?.stop();
    await this.deadLetters.stop();
  }

  on(): never {
    throw new Error('the event server has no events of its own');
  }

  unwrap<T>(): T {
    return this.source as T;
  }

  /**
   * Handles one message to its end: handled, not ours, or set aside as a dead letter.
   * @throws an unavailable dependency; the caller must deliver the same message again
   */
  async receive(message: Message, heartbeat: () => Promise<void> = async () => {}): Promise<void> {
    if (!this.topics().has(message.topic)) return;
    const event = parseEnvelope(message.value);
    if (event instanceof AppError) return this.setAside(message, 'unknown', event, 1);
    const handler = this.getHandlerByPattern(event.type);
    if (handler === null) return;
    const data = known.get(event.type)?.data.safeParse(event.data);
    if (data?.success !== true)
      return this.setAside(message, event.type, new AppError('invalid', data?.error.message ?? 'unknown type'), 1);
    const context = { correlationId: event.correlationid, causationId: event.id };
    await withContext(context, () =>
      this.attempt(message, event.type, heartbeat, async () => {
        const result: unknown = await handler({ ...event, data: data.data }, undefined);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      }),
    );
  }

  /**
   * The topics of the event types that have a handler. Handlers are known before `listen`, and must count from then:
   * in one process another service's relay may already be sending what it has kept since the last run.
   */
  private topics(): ReadonlySet<string> {
    return new Set([...this.messageHandlers.keys()].map((type) => topicOf(type)));
  }

  private async attempt(message: Message, type: string, heartbeat: () => Promise<void>, handle: () => Promise<void>) {
    const start = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        await handle();
        this.metrics.events.inc({ type, outcome: 'handled' });
        this.log.info('event handled', { type, key: message.key, ms: Math.round(performance.now() - start) });
        return;
      } catch (error) {
        if (isUnavailable(error) || (error instanceof AppError && error.code === 'unavailable')) {
          this.metrics.events.inc({ type, outcome: 'unavailable' });
          this.log.emit('warn', 'event waits for a dependency', { type, key: message.key }, error);
          throw error;
        }
        if (error instanceof AppError || attempt === attemptsOfABug)
          return await this.setAside(message, type, error, attempt);
        await sleep(50 * 2 ** attempt);
        await heartbeat();
      }
    }
  }

  private async setAside(message: Message, type: string, error: unknown, attempts: number): Promise<void> {
    const errorCode = error instanceof AppError ? error.code : 'bug';
    const errorMessage = error instanceof Error ? error.message : String(error);
    await this.deadLetters.add({ ...message, errorCode, errorMessage: errorMessage.slice(0, 2000), attempts });
    this.metrics.events.inc({ type, outcome: 'dead-letter' });
    this.log.emit('error', 'event set aside as dead letter', { type, key: message.key, errorCode, attempts }, error);
  }
}

function topicOf(type: string): string {
  const topic = known.get(type)?.topic;
  if (topic === undefined) throw new Error(`a handler names the unknown event type ${type}`);
  return topic;
}

function parseEnvelope(value: string): Envelope | AppError {
  try {
    const result = envelope.safeParse(JSON.parse(value));
    return result.success ? result.data : new AppError('invalid', `not a CloudEvent: ${result.error.message}`);
  } catch (error) {
    return new AppError('invalid', 'not JSON', [], error);
  }
}
