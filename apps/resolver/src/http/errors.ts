import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, type Problem } from '#platform';
import { errorPage } from '../pages/site-pages.js';
import { languageOf, sendPage, targetOf } from './reply.js';

const pages: Record<number, Parameters<typeof errorPage>[0]> = { 404: 'notFound', 429: 'tooMany', 503: 'unavailable' };

/** People get a page in their language, programs a problem (RFC 9457). Programs ask below /api or do not take HTML. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const problem: Problem = problemOf(error);
  if (problem.status === 503) void reply.header('retry-after', '5');
  if (!takesPages(request))
    return reply
      .status(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  const kind = pages[problem.status] ?? 'broken';
  return sendPage(reply, errorPage(kind, languageOf(request), targetOf(request)), problem.status);
}

function takesPages(request: FastifyRequest): boolean {
  const path = targetOf(request);
  return (
    !path.startsWith('/api/') && !path.startsWith('/.well-known/') && (request.headers.accept ?? '').includes('html')
  );
}
