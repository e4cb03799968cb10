import type { Pool } from 'pg';
import type { KafkaSource } from '../events/kafka-source.js';
import type { Metrics } from './metrics.js';

/** One thing that readiness depends on. */
export interface HealthCheck {
  status: 'up' | 'down';
  detail?: string;
}

export interface Readiness {
  status: 'up' | 'down';
  checks: Record<string, HealthCheck>;
}

/** Above these the service says that it is not ready: events wait too long to leave or to be read. */
const oldestEventSeconds = 300;
const longestSilenceSeconds = 120;

/** Answers whether the service can do its work: database, broker, age of the outbox, lag of the consumer. */
export class Health {
  private stopping = false;

  constructor(
    private readonly pool: Pool,
    private readonly metrics: Metrics,
    private readonly source?: KafkaSource,
  ) {}

  /** From now on the service is not ready, so that no new traffic is sent to it while it stops. */
  stop(): void {
    this.stopping = true;
  }

  async readiness(): Promise<Readiness> {
    const checks: Record<string, HealthCheck> = { ...(await this.database()), ...this.broker() };
    if (this.stopping) checks['process'] = { status: 'down', detail: 'stopping' };
    const down = Object.values(checks).some((check) => check.status === 'down');
    return { status: down ? 'down' : 'up', checks };
  }

  private async database(): Promise<Record<string, HealthCheck>> {
    try {
      const { rows } = await this.pool.query<{ backlog: number; age: number }>(
        `SELECT count(*)::int AS backlog, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS age
         FROM (SELECT created_at FROM outbox ORDER BY id LIMIT 100000) waiting`,
      );
      const { backlog = 0, age = 0 } = rows[0] ?? {};
      this.metrics.relayBacklog.set(backlog);
      this.metrics.relayAge.set(age);
      const detail = `${backlog} waiting, the oldest for ${Math.round(age)} s`;
      return { database: { status: 'up' }, relay: { status: age > oldestEventSeconds ? 'down' : 'up', detail } };
    } catch {
      // The reason stays in the pool's log lines; to the outside it is only "down".
      return { database: { status: 'down', detail: 'not reachable' } };
    }
  }

  private broker(): Record<string, HealthCheck> {
    if (this.source === undefined) return {};
    const { joined, secondsSinceFetch, lag } = this.source.status();
    const alive = joined && secondsSinceFetch < longestSilenceSeconds;
    const detail = joined ? `lag ${lag}` : 'consumer group not joined yet';
    return { broker: { status: alive ? 'up' : 'down', detail } };
  }
}
