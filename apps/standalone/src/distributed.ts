import proxy from '@fastify/http-proxy';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { routes, services, type ServiceName } from '#contracts';
import { onStopSignal } from '#platform';
import { keepRunning } from './children.js';
import type { Config } from './config.js';
import { loadDemo } from './demo/load.js';
import { serviceEnvironmentOf } from './environment.js';
import { prepare, say } from './prepare.js';
import { report } from './report.js';

/** A started broker, or one that somebody else runs. */
export interface Broker {
  brokers: string;
  stop(): Promise<void>;
}

/** The services listen on the ports after the edge's. */
const portOf = (service: ServiceName, config: Config): number => config.port + 1 + services.indexOf(service);
const addressOf = (service: ServiceName, config: Config): string => `http://127.0.0.1:${portOf(service, config)}`;

/**
 * One process a service with Kafka between them, behind one edge on PORT that routes by path.
 * A service that dies is started again.
 */
export async function startDistributed(config: Config, broker: Broker): Promise<void> {
  const progress = { ready: false };
  const ground = await prepare(config, broker.brokers);
  const environments = ground.environments((service, url) => ({
    ...serviceEnvironmentOf(service, url, config, ground.secrets),
    PORT: String(portOf(service, config)),
    KAFKA_BROKERS: broker.brokers,
  }));
  const children = services.map((service) => keepRunning(service, environments[service], config.dataDir));
  const edge = await createProxy(config, progress);
  onStopSignal(async () => {
    say('Stopping…');
    await edge.close();
    await Promise.all(children.map((child) => child.stop()));
    await ground.stop();
    await broker.stop();
  });
  await edge.listen({ port: config.port, host: config.listenHost });
  await allReady(config);
  say('The services run. ' + (config.demoData ? 'Loading the demonstration data…' : ''));
  const demo = config.demoData ? await loadDemo(config, ground) : undefined;
  progress.ready = true;
  report(config, `${config.dataDir}/<service>.log`, demo);
}

/** Routes each path of the public origin to its service, as the TLS edge of the containers does. */
async function createProxy(config: Config, progress: { ready: boolean }): Promise<FastifyInstance> {
  const edge = fastify({ requestTimeout: 30_000, routerOptions: { maxParamLength: 2048 } });
  edge.get('/health/live', () => ({ status: 'up' }));
  edge.get('/health/ready', async (_request, reply) => {
    const states = Object.fromEntries(
      await Promise.all(services.map(async (name) => [name, await isReady(name, config)] as const)),
    );
    const up = progress.ready && Object.values(states).every(Boolean);
    return reply.status(up ? 200 : 503).send({ status: up ? 'up' : 'down', loaded: progress.ready, services: states });
  });
  for (const { prefix, service } of routes)
    await edge.register(proxy, { upstream: addressOf(service, config), prefix, rewritePrefix: prefix });
  return edge;
}

async function isReady(service: ServiceName, config: Config): Promise<boolean> {
  const answer = fetch(`${addressOf(service, config)}/health/ready`, { signal: AbortSignal.timeout(2000) });
  return answer.then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The first join of a consumer group takes a few seconds. */
async function allReady(config: Config): Promise<void> {
  const waiting = new Set(services);
  for (let waited = 0; waiting.size > 0; waited++) {
    for (const service of waiting) if (await isReady(service, config)) waiting.delete(service);
    if (waited === 600) throw new Error(`not ready after two minutes: ${[...waiting].join(', ')}`);
    if (waiting.size > 0) await sleep(200);
  }
}
