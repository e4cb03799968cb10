import { NestFactory } from '@nestjs/core';
import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createRemoteJWKSet } from 'jose';
import type { ServiceName } from '#contracts';
import { systemClock, type Clock } from './clock.js';
import type { ServiceConfig } from './config.js';
import { createPool } from './database/pool.js';
import { KafkaDeadLetters, TableDeadLetters } from './events/dead-letters.js';
import { EventServer } from './events/event-server.js';
import { KafkaPublisher } from './events/kafka-publisher.js';
import { KafkaSource } from './events/kafka-source.js';
import { createKafka } from './events/kafka.js';
import type { Publisher } from './events/publisher.js';
import { Relay } from './events/relay.js';
import { createAdapter, prepareServer } from './http/server.js';
import { serveOpenApi } from './http/openapi.js';
import { Health } from './observe/health.js';
import { Log } from './observe/log.js';
import { Metrics } from './observe/metrics.js';
import { PlatformModule, type PlatformParts } from './platform.module.js';

/** What a service is to the platform: its name and its module. Each app exports one. */
export interface ServiceDefinition<Config extends ServiceConfig = ServiceConfig> {
  name: ServiceName;
  module(config: Config): NonNullable<ModuleMetadata['imports']>[number];
}

export interface ServiceOptions {
  /** Given when the events stay in this process; without it KAFKA_BROKERS is needed. */
  publisher?: Publisher;
  clock?: Clock;
  log?: Log;
  /** False when several services share a process, whose own figures are then counted once elsewhere. */
  processMetrics?: boolean;
}

/** A service that is put together; nothing listens, reads or relays before `start`. */
export interface Service {
  name: ServiceName;
  app: NestFastifyApplication;
  events: EventServer;
  health: Health;
  metrics: Metrics;
  log: Log;
  /** Starts reading and relaying events; with `listen` also answers on PORT. */
  start(options: { listen: boolean }): Promise<void>;
  /** Stops in order: not ready, relay, HTTP and events, publisher, database. */
  stop(): Promise<void>;
}

@Module({})
class Root {}

/** The platform's providers and the service's own module, side by side. */
export function rootModule<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  config: Config,
  parts: PlatformParts,
): DynamicModule {
  return { module: Root, imports: [PlatformModule.with(parts), definition.module(config)] };
}

/** Puts a service together from its definition and configuration. */
export async function createService<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  config: Config,
  options: ServiceOptions = {},
): Promise<Service> {
  const { name } = definition;
  const log = options.log ?? new Log(name, config.LOG_LEVEL);
  const metrics = new Metrics(name, { processMetrics: options.processMetrics ?? true });
  const pool = createPool({ url: config.DATABASE_URL, size: config.DATABASE_POOL_SIZE, service: name }, log);
  const transport = createTransport(name, config, options, log, metrics, pool);
  const health = new Health(pool, metrics, transport.source);
  const keys = createRemoteJWKSet(new URL(config.JWKS_URL), { cooldownDuration: 1000, timeoutDuration: 3000 });
  const parts = { config, pool, log, metrics, health, keys, clock: options.clock ?? systemClock };
  const app = await NestFactory.create<NestFastifyApplication>(
    rootModule(definition, config, parts),
    createAdapter(config),
    { logger: log, abortOnError: false },
  );
  await prepareServer(app.getHttpAdapter().getInstance(), log, metrics);
  app.connectMicroservice({ strategy: transport.events }, { inheritAppConfig: true });
  serveOpenApi(app.getHttpAdapter().getInstance(), app, name);
  await app.init();

  const relay = new Relay(config.DATABASE_URL, transport.publisher, log, metrics);
  return {
    ...{ name, app, health, metrics, log, events: transport.events },
    async start({ listen }) {
      await transport.publisher.start();
      await app.startAllMicroservices();
      await relay.start();
      if (listen) await app.listen(config.PORT, config.LISTEN_HOST);
      log.info('service started', { port: listen ? config.PORT : null });
    },
    async stop() {
      health.stop();
      await relay.stop();
      await app.close();
      await transport.publisher.stop();
      await pool.end();
      log.info('service stopped');
    },
  };
}

/** Where events go and come from: Kafka, or this process. */
function createTransport(
  name: ServiceName,
  config: ServiceConfig,
  options: ServiceOptions,
  log: Log,
  metrics: Metrics,
  pool: ReturnType<typeof createPool>,
) {
  if (options.publisher !== undefined) {
    const events = new EventServer(new TableDeadLetters(pool), log, metrics);
    return { publisher: options.publisher, events, source: undefined };
  }
  if (config.KAFKA_BROKERS.length === 0) throw new Error('KAFKA_BROKERS names no broker');
  const kafka = createKafka(config.KAFKA_BROKERS, name, log);
  const source = new KafkaSource(kafka, name, log, metrics, () => process.exit(1));
  const events = new EventServer(new KafkaDeadLetters(kafka, name), log, metrics, source);
  return { publisher: new KafkaPublisher(kafka), events, source };
}
