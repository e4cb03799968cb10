import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import { AppError, type ErrorCode, type FieldFault } from '#contracts';
import { currentContext } from '../context.js';
import { isUnavailable, isUniqueViolation } from '../database/faults.js';
import type { Log } from '../observe/log.js';

const statusOf: Record<ErrorCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'rate-limited': 429,
  unavailable: 503,
};

/** Problem details of RFC 9457, with the error's code, the faults by field and the id to quote to support. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode | 'internal';
  correlationId?: string;
  faults?: readonly FieldFault[];
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Puts any error into problem details; what is not known is a bug and says nothing of itself. */
export function problemOf(error: unknown): Problem {
  const known = toAppError(error);
  if (known === undefined)
    return problem(500, 'internal', 'Something went wrong on our side. Quote the correlation id.');
  const status = known.status ?? statusOf[known.error.code];
  return problem(status, known.error.code, known.error.message, known.error.faults);
}

function problem(status: number, code: Problem['code'], detail: string, faults: readonly FieldFault[] = []): Problem {
  const correlationId = currentContext()?.correlationId;
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail,
    code,
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(faults.length === 0 ? {} : { faults }),
  };
}

function toAppError(error: unknown): { error: AppError; status?: number } | undefined {
  if (error instanceof AppError) return { error };
  if (isUniqueViolation(error)) return { error: new AppError('conflict', 'this exists already') };
  if (isUnavailable(error))
    return { error: new AppError('unavailable', 'a part that this needs is not reachable; try again in a moment') };
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  if (status >= 500) return undefined;
  const code = (Object.keys(statusOf) as ErrorCode[]).find((candidate) => statusOf[candidate] === status) ?? 'invalid';
  return { error: new AppError(code, error.message), status };
}

/** The one place where errors become answers; for events it passes the error on to the event server. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | Promise<void> {
    if (host.getType() === 'rpc') return throwError(() => error);
    return this.answer(error, host.switchToHttp().getResponse(), host.switchToHttp().getRequest());
  }

  private async answer(error: unknown, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    const body = problemOf(error);
    if (body.status >= 500) this.log.emit('error', 'request failed', { path: request.url.split('?')[0] ?? '' }, error);
    if (body.status === 503) void reply.header('retry-after', '5');
    if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
    await reply.status(body.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
  }
}
