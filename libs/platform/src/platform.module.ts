import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import type { JWTVerifyGetKey } from 'jose';
import type { Pool } from 'pg';
import { ApiKeysConsumer } from './auth/api-keys.consumer.js';
import { AuthGuard } from './auth/guard.js';
import { CLOCK, type Clock } from './clock.js';
import type { ServiceConfig } from './config.js';
import { IdempotencyInterceptor } from './http/idempotency.js';
import { ProblemFilter } from './http/problem.js';
import { validationPipe } from './http/validation.js';
import { HealthController } from './observe/health.controller.js';
import { Health } from './observe/health.js';
import { LOG, type Log } from './observe/log.js';
import { Metrics } from './observe/metrics.js';
import { CONFIG, POOL } from './tokens.js';

/** What a process brings along and every service's providers can ask for. */
export interface PlatformParts {
  config: ServiceConfig;
  pool: Pool;
  log: Log;
  metrics: Metrics;
  health: Health;
  clock: Clock;
  keys: JWTVerifyGetKey;
}

/** The providers that every service has: config, log, clock, pool, and the global guard, pipe, filter, interceptor. */
@Module({})
export class PlatformModule {
  static with({ config, pool, log, metrics, health, clock, keys }: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController, ApiKeysConsumer],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: POOL, useValue: pool },
        { provide: LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: Metrics, useValue: metrics },
        { provide: Health, useValue: health },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(log) },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AuthGuard(reflector, keys, pool),
        },
      ],
      exports: [CONFIG, POOL, LOG, CLOCK, Metrics, Health],
    };
  }
}
