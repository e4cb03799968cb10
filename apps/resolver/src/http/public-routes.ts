import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#contracts';
import { CONFIG, LOG, problemOf, type Log } from '#platform';
import type { Config } from '../config.js';
import { CheckService } from '../check/check.service.js';
import { wantsJson } from '../i18n/negotiation.rules.js';
import { favicon } from '../pages/icons.js';
import { labelPage } from '../pages/label-page.js';
import { checkPage, homePage } from '../pages/site-pages.js';
import { toAnswer } from '../verify/verify.answer.js';
import { VerificationService } from '../verify/verification.service.js';
import { sendError } from './errors.js';
import { limitRates } from './rate-limit.js';
import { languageOf, parameterOf, sendPage, targetOf } from './reply.js';

const robots = 'User-agent: *\nDisallow: /01/\nDisallow: /check\nDisallow: /api/\n';

/**
 * The pages, as plain Fastify routes: a scan is the hottest path of the system and needs the request target exactly
 * as it came, which no parameter parsing may touch.
 */
@Injectable()
export class PublicRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    private readonly verification: VerificationService,
    private readonly check: CheckService,
  ) {}

  async onModuleInit(): Promise<void> {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    await limitRates(server, this.config.RATE_LIMIT_PER_MINUTE);
    const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
      if (problemOf(error).status >= 500) this.log.emit('error', 'page failed', {}, error);
      void sendError(request, reply, error);
    };
    server.get('/01/*', { errorHandler }, (request, reply) => this.label(request, reply));
    server.get('/check', { errorHandler }, (request, reply) => this.checkCode(request, reply));
    server.get('/', { errorHandler }, (request, reply) =>
      sendPage(reply, homePage(languageOf(request), targetOf(request)), 200, 'public, max-age=300'),
    );
    server.get('/robots.txt', (_, reply) =>
      reply.type('text/plain').header('cache-control', 'max-age=86400').send(robots),
    );
    for (const path of ['/favicon.svg', '/favicon.ico'])
      server.get(path, (_, reply) =>
        reply.type('image/svg+xml').header('cache-control', 'max-age=604800').send(favicon),
      );
    server.get('/*', { errorHandler }, () => {
      throw new AppError('not-found', 'there is no such page');
    });
  }

  /** A scan: the label's address is ours by definition, whatever the Host header says. */
  private async label(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const target = targetOf(request);
    const json = wantsJson(request.headers.accept);
    const uri = this.config.PUBLIC_BASE_URL + target;
    const outcome = await this.verification.verify(uri, languageOf(request), json ? 'api' : 'page');
    const status = outcome.verdict.code === 'BAD_FORMAT' ? 400 : 200;
    if (!json) return sendPage(reply, labelPage(outcome, target), status, 'private, max-age=30');
    return reply
      .status(status)
      .headers({ 'cache-control': 'no-store', vary: 'accept, accept-language' })
      .send(toAnswer(outcome));
  }

  private async checkCode(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const target = targetOf(request);
    const language = languageOf(request);
    const typed = { code: parameterOf(target, 'code'), gtin: parameterOf(target, 'gtin') ?? '' };
    if (typed.code === null) return sendPage(reply, checkPage({ code: '', gtin: typed.gtin }, language, target));
    const found = await this.check.find({ code: typed.code, gtin: typed.gtin }, language);
    if ('address' in found) return reply.header('cache-control', 'no-store').redirect(found.address, 303);
    if ('outcome' in found) return sendPage(reply, labelPage(found.outcome, target));
    return sendPage(reply, checkPage(found.form, language, target), found.form.choices === undefined ? 400 : 200);
  }
}
