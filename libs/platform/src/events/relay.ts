import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../observe/log.js';
import type { Metrics } from '../observe/metrics.js';
import type { Message, Publisher } from './publisher.js';

const batchSize = 1000;
const idleMilliseconds = 50;
const longestRest = 5000;
/** The advisory lock that keeps a second relay of the same service idle: two at once would reorder events. */
const lockKey = 0x6f766f70;

/**
 * Moves events from the outbox to the publisher, in order, and deletes them only after the publisher has them.
 * A failure rolls back and everything is sent again later: at least once, never out of order for a key.
 */
export class Relay {
  private client: Client | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly publisher: Publisher,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  async start(): Promise<void> {
    this.stopping = false;
    this.running = this.loop();
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await this.client?.end().catch((error: unknown) => this.log.emit('warn', 'relay connection', {}, error));
    this.client = undefined;
  }

  private async loop(): Promise<void> {
    let rest = idleMilliseconds;
    while (!this.stopping) {
      try {
        const moved = await this.moveBatch();
        rest = idleMilliseconds;
        if (moved === batchSize) continue;
      } catch (error) {
        this.log.emit('warn', 'relay waits', { ms: rest }, error);
        await this.dropConnection();
        rest = Math.min(rest * 2, longestRest);
      }
      await sleep(rest);
    }
  }

  /** One transaction; when anything fails the connection is dropped, which rolls it back. */
  private async moveBatch(): Promise<number> {
    const client = await this.connection();
    await client.query('BEGIN');
    const lock = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [lockKey]);
    const rows = lock.rows[0]?.held === true ? await this.waiting(client) : [];
    if (rows.length > 0) {
      await this.publisher.publish(rows);
      await client.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [rows.map((row) => row.id)]);
    }
    await client.query('COMMIT');
    this.metrics.relayed.inc(rows.length);
    return rows.length;
  }

  private async waiting(client: Client): Promise<(Message & { id: string })[]> {
    const { rows } = await client.query<Message & { id: string }>({
      name: 'relay-waiting',
      text: 'SELECT id, topic, key, value FROM outbox ORDER BY id LIMIT $1',
      values: [batchSize],
    });
    return rows;
  }

  private async connection(): Promise<Client> {
    if (this.client !== undefined) return this.client;
    const client = new Client({ connectionString: this.databaseUrl, keepAlive: true, application_name: 'relay' });
    client.on('error', (error) => this.log.emit('warn', 'relay connection lost', {}, error));
    await client.connect();
    return (this.client = client);
  }

  private async dropConnection(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch((error: unknown) => this.log.emit('debug', 'relay connection', {}, error));
  }
}
