import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#contracts';
import type { ServiceConfig } from '../config.js';
import { enterContext } from '../context.js';
import type { Log } from '../observe/log.js';
import type { Metrics } from '../observe/metrics.js';
import { problemOf } from './problem.js';

/** Larger bodies are refused before they are read. */
const largestBody = 2 * 1024 * 1024;

export function createAdapter(config: ServiceConfig): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: largestBody,
    trustProxy: config.TRUST_PROXY,
    routerOptions: { maxParamLength: 1024 },
    requestTimeout: 30_000,
    keepAliveTimeout: 10_000,
    // What the router refuses before a route is found, such as a path with a broken percent-encoding.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(new AppError('invalid', error.message));
      void reply.status(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
    },
  });
}

/** Correlation id, cookies, security headers, and one log line and one measurement a request. */
export async function prepareServer(server: FastifyInstance, log: Log, metrics: Metrics): Promise<void> {
  await server.register(cookie);
  server.addHook('onRequest', (request, reply, done) => {
    const sent = request.headers['x-correlation-id'];
    const correlationId = typeof sent === 'string' && /^[\w.:-]{1,64}$/.test(sent) ? sent : randomUUID();
    enterContext({ correlationId });
    void reply.headers({
      'x-correlation-id': correlationId,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    if (!route.startsWith('/health'))
      log.info('request', { method: request.method, route, status, ms: Math.round(reply.elapsedTime) });
    done();
  });
}
