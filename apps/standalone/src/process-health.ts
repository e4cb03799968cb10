import type { RequestListener } from 'node:http';
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import type { Service } from '#platform';

/** Whether the whole is there: set once the demonstration data is loaded. */
export interface Progress {
  ready: boolean;
}

/** The paths that a process with several services answers itself: their health and their figures together. */
export function processRoutes(services: readonly Service[], progress: Progress): Record<string, RequestListener> {
  const figures = new Registry();
  collectDefaultMetrics({ register: figures });
  const json = (status: number, body: object): [number, string] => [status, JSON.stringify(body)];
  const ready = async (): Promise<[number, string]> => {
    const answers = await Promise.all(
      services.map(async ({ name, health }) => [name, await health.readiness()] as const),
    );
    const up = progress.ready && answers.every(([, { status }]) => status === 'up');
    return json(up ? 200 : 503, {
      status: up ? 'up' : 'down',
      loaded: progress.ready,
      services: Object.fromEntries(answers),
    });
  };
  const metrics = async (): Promise<[number, string]> => {
    const registries = [figures, ...services.map((service) => service.metrics.registry)];
    const json = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
    return [200, await AggregatorRegistry.aggregate(json).metrics()];
  };
  const answer =
    (type: string, work: () => Promise<[number, string]>): RequestListener =>
    (_request, reply) => {
      work().then(
        ([status, body]) => reply.writeHead(status, { 'content-type': type }).end(body),
        () => reply.writeHead(500).end(),
      );
    };
  return {
    '/health/live': answer('application/json', async () => json(200, { status: 'up' })),
    '/health/ready': answer('application/json', ready),
    '/metrics': answer(figures.contentType, metrics),
  };
}
