import { join } from 'node:path';
import { batchTracking } from '../../batch-tracking/src/batch-tracking.js';
import { readConfig as readBatchTracking } from '../../batch-tracking/src/config.js';
import { readConfig as readLabeling } from '../../labeling/src/config.js';
import { labeling } from '../../labeling/src/labeling.js';
import { readConfig as readRegistration } from '../../registration/src/config.js';
import { registration } from '../../registration/src/registration.js';
import { readConfig as readResolver } from '../../resolver/src/config.js';
import { resolver } from '../../resolver/src/resolver.js';
import type { ServiceName } from '#contracts';
import { createService, LocalPublisher, Log, onStopSignal, type Service } from '#platform';
import { readConfig, type Config } from './config.js';
import { close, createEdge, listen } from './edge.js';
import { serviceEnvironmentOf } from './environment.js';
import { loadDemo } from './demo/load.js';
import { processRoutes } from './process-health.js';
import { prepare, say } from './prepare.js';
import { report } from './report.js';

/** The four services in this process; their log goes to a file so that the terminal stays readable. */
async function createServices(config: Config, environments: Record<ServiceName, Record<string, string>>, log: Log) {
  const publisher = new LocalPublisher();
  const options = { publisher, log, processMetrics: false };
  const services = {
    registration: await createService(registration, readRegistration(environments.registration), options),
    'batch-tracking': await createService(batchTracking, readBatchTracking(environments['batch-tracking']), options),
    labeling: await createService(labeling, readLabeling(environments.labeling), options),
    resolver: await createService(resolver, readResolver(environments.resolver), options),
  } satisfies Record<ServiceName, Service>;
  for (const service of Object.values(services)) publisher.connect(service.events);
  return services;
}

async function start(): Promise<void> {
  const config = readConfig();
  const progress = { ready: false };
  const ground = await prepare(config);
  const environments = ground.environments((service, url) =>
    serviceEnvironmentOf(service, url, config, ground.secrets),
  );
  const services = await createServices(config, environments, ground.log);
  const all = Object.values(services);
  const listeners = Object.fromEntries(
    Object.entries(services).map(([name, { app }]) => [name, app.getHttpAdapter().getInstance().routing]),
  ) as Parameters<typeof createEdge>[0];
  const edge = createEdge(listeners, processRoutes(all, progress));

  onStopSignal(async () => {
    say('Stopping…');
    await close(edge);
    for (const service of all) await service.stop();
    await ground.stop();
  });
  for (const { app } of all) await app.getHttpAdapter().getInstance().ready();
  await listen(edge, config.port, config.listenHost);
  for (const service of all) await service.start({ listen: false });
  say('The services run. ' + (config.demoData ? 'Loading the demonstration data…' : ''));
  const demo = config.demoData ? await loadDemo(config, ground) : undefined;
  progress.ready = true;
  report(config, join(config.dataDir, 'ovop-trace.log'), demo);
}

start().catch((error: unknown) => {
  process.stderr.write(`ovop-trace did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
