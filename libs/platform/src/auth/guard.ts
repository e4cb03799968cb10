import { createHash } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AppError, country, role, type Role } from '#contracts';
import type { Principal, WithPrincipal } from './principal.js';

/** Opens a route to everybody. Without it and without {@link Roles} a route needs any signed-in principal. */
export const Public = Reflector.createDecorator<true>();
/** The roles that may use a route; administrators always may. */
export const Roles = Reflector.createDecorator<Role[]>();

export const sessionCookie = 'ovop_session';
export const tokenIssuer = 'ovop-trace';
export const apiKeyPrefix = 'ovop_';

/** The claims of a session token beside `sub`. */
export const sessionClaims = z.object({
  sub: z.string(),
  role,
  org: z.string().nullable(),
  country: country.nullable(),
});

export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Lets a request in by session cookie, bearer token or API key, and by the roles of the route. */
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: JWTVerifyGetKey,
    private readonly pool: Pool,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    if (execution.getType() !== 'http') return true;
    const targets = [execution.getHandler(), execution.getClass()];
    const request = execution.switchToHttp().getRequest<FastifyRequest & WithPrincipal>();
    if (this.reflector.getAllAndOverride(Public, targets) === true) return true;
    const principal = await this.authenticate(request);
    // Before the role is looked at: who was refused is known, too.
    request.principal = principal;
    const allowed = this.reflector.getAllAndOverride(Roles, targets);
    if (allowed !== undefined && principal.role !== 'administrator' && !allowed.includes(principal.role))
      throw new AppError('forbidden', `this needs the role ${allowed.join(' or ')}, you are ${principal.role}`);
    return true;
  }

  private async authenticate(request: FastifyRequest): Promise<Principal> {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const header = request.headers['x-api-key'];
    const presented = bearer ?? (typeof header === 'string' ? header : undefined);
    if (presented?.startsWith(apiKeyPrefix)) return this.byApiKey(presented);
    if (presented !== undefined) return this.byToken(presented);
    const cookie = request.cookies[sessionCookie];
    if (cookie === undefined) throw new AppError('unauthenticated', 'sign in first, or send an API key');
    assertSameOrigin(request);
    return this.byToken(cookie);
  }

  private async byToken(token: string): Promise<Principal> {
    try {
      const { payload } = await jwtVerify(token, this.keys, { issuer: tokenIssuer, algorithms: ['ES256'] });
      const claims = sessionClaims.parse(payload);
      return { id: claims.sub, role: claims.role, organisationId: claims.org, country: claims.country };
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || (error instanceof TypeError && error.message === 'fetch failed'))
        throw new AppError('unavailable', 'sessions cannot be checked just now; try again in a moment', [], error);
      throw new AppError('unauthenticated', 'the session is not valid or has ended; sign in again', [], error);
    }
  }

  private async byApiKey(key: string): Promise<Principal> {
    const { rows } = await this.pool.query<Principal>({
      name: 'api-key',
      text: `SELECT id, role, organisation_id AS "organisationId", country FROM api_key
             WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      values: [hashApiKey(key)],
    });
    const [principal] = rows;
    if (principal === undefined) throw new AppError('unauthenticated', 'the API key is not valid');
    return principal;
  }
}

/** A cookie comes along with requests that other sites start, so writing by cookie needs our own origin. */
function assertSameOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, host } = request.headers;
  if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host)
    throw new AppError('forbidden', 'a request with a session cookie must come from our own pages');
}
