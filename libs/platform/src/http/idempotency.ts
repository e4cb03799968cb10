import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, throwError, type Observable } from 'rxjs';
import { invalid } from '#contracts';
import { currentContext } from '../context.js';
import { Replay } from '../database/transact.js';
import type { WithPrincipal } from '../auth/principal.js';

/**
 * Honours `Idempotency-Key` on every POST: the transaction of the use case stores the key with its answer,
 * and the same request sent again gets that answer without a second effect.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'http') return next.handle();
    const request = execution.switchToHttp().getRequest<FastifyRequest & WithPrincipal>();
    const key = request.headers['idempotency-key'];
    const context = currentContext();
    if (request.method !== 'POST' || key === undefined || context === undefined) return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
      throw invalid('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
    context.idempotency = {
      scope: `${request.principal?.id ?? 'anonymous'} ${request.url.split('?')[0]}`,
      key,
      requestHash: createHash('sha256')
        .update(JSON.stringify(request.body ?? null))
        .digest('hex'),
      claimed: false,
    };
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof Replay)) return throwError(() => error);
        void execution.switchToHttp().getResponse<FastifyReply>().header('idempotent-replayed', 'true');
        return of(error.response);
      }),
    );
  }
}
