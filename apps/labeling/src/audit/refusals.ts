import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LOG, type Log, type Principal } from '#platform';
import { Audit } from '../audit.js';

const problem = z.object({ code: z.string() });

/**
 * Puts every refused request to write of a known principal into the audit log, before it is answered.
 * It stands where answers leave the server: guards, pipes and services all refuse in front of it.
 */
@Injectable()
export class Refusals implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly audit: Audit,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter
      .getInstance<FastifyInstance>()
      .addHook('onSend', async (request: FastifyRequest & { principal?: Principal }, reply, payload) => {
        const { principal, method } = request;
        const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
        if (principal !== undefined && !reads && reply.statusCode >= 400)
          await this.record(principal, request, reply, payload);
        return payload;
      });
  }

  /** An answer is not held back because it cannot be recorded, as when the database is away: nothing was done. */
  private async record(actor: Principal, request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<void> {
    const route = request.routeOptions.url ?? 'none';
    const entry = { action: 'request', actor, organisationId: actor.organisationId } as const;
    const details = { method: request.method, status: reply.statusCode };
    try {
      await this.audit.refused({ ...entry, subject: route, details }, codeOf(body));
    } catch (error) {
      this.log.emit('error', 'a refused request is missing in the audit log', { route, ...details }, error);
    }
  }
}

function codeOf(body: unknown): string {
  const parsed = problem.safeParse(typeof body === 'string' ? JSON.parse(body) : body);
  return parsed.success ? parsed.data.code : 'internal';
}
