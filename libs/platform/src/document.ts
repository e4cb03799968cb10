import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLocalJWKSet } from 'jose';
import { systemClock } from './clock.js';
import type { ServiceConfig } from './config.js';
import { createPool } from './database/pool.js';
import { openApiDocument } from './http/openapi.js';
import { createAdapter } from './http/server.js';
import { Health } from './observe/health.js';
import { Log } from './observe/log.js';
import { Metrics } from './observe/metrics.js';
import { rootModule, type ServiceDefinition } from './service.js';

/** The OpenAPI document of a service without starting it: nothing is instantiated, no database is asked. */
export async function documentOf<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  config: Config,
): Promise<OpenAPIObject> {
  const { name } = definition;
  const log = new Log(name, 'error');
  const metrics = new Metrics(name, { processMetrics: false });
  const pool = createPool({ url: config.DATABASE_URL, size: 1, service: name }, log);
  const keys = createLocalJWKSet({ keys: [] });
  const parts = { config, pool, log, metrics, health: new Health(pool, metrics), keys, clock: systemClock };
  const app = await NestFactory.create<NestFastifyApplication>(
    rootModule(definition, config, parts),
    createAdapter(config),
    { preview: true, logger: false, abortOnError: false },
  );
  return openApiDocument(app, name);
}
