import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#contracts';
import { sendError } from './errors.js';

/** Addresses that are counted at once; the ones seen longest ago are forgotten first. */
const mostAddresses = 20_000;

/** Operators' paths are not for the public, and the edge does not route them. */
const isCounted = (request: FastifyRequest): boolean => !/^\/(health|metrics)(\/|\?|$)/.test(request.url);

/**
 * Limits the requests of one address a minute (of one /64 with IPv6). The address is the connection's; a forwarded
 * one counts only where the platform's TRUST_PROXY says that a proxy stands before this service.
 */
export async function limitRates(server: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await server.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    cache: mostAddresses,
    ipv6Subnet: 64,
  });
  const count = server.createRateLimit();
  server.addHook('onRequest', async (request, reply) => {
    if (!isCounted(request)) return;
    const result = await count(request);
    if (result.isAllowed || !result.isExceeded) return;
    void reply.header('retry-after', String(result.ttlInSeconds));
    await sendError(request, reply, new AppError('rate-limited', 'too many requests; wait a minute and try again'));
  });
}
