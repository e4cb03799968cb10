import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The figures of one service, in the Prometheus exposition format. */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = this.histogram('ovop_http_request_seconds', 'Duration of HTTP requests', [
    'method',
    'route',
    'status',
  ]);
  readonly events = this.counter('ovop_events_total', 'Events received, by what became of them', ['type', 'outcome']);
  readonly relayed = this.counter('ovop_relayed_total', 'Events that the relay handed to the publisher');
  readonly relayBacklog = this.gauge('ovop_relay_backlog', 'Events that wait in the outbox');
  readonly relayAge = this.gauge('ovop_relay_age_seconds', 'Age of the oldest event that waits in the outbox');
  readonly consumerLag = this.gauge('ovop_consumer_lag', 'Messages behind the end of the partition', [
    'topic',
    'partition',
  ]);
  readonly signatures = this.counter('ovop_signatures_total', 'Signatures made, by what was signed', ['purpose']);
  readonly scans = this.counter('ovop_scans_total', 'Labels verified, by verdict', ['verdict']);

  constructor(service: string, options: { processMetrics: boolean }) {
    this.registry.setDefaultLabels({ service });
    if (options.processMetrics) collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
  gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
  histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({
      name,
      help,
      labelNames,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [this.registry],
    });
  }
}
