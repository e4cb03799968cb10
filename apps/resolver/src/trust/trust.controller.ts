import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError } from '#contracts';
import { Public } from '#platform';
import { TrustService } from './trust.service.js';

/** A verifier that is online asks again after this long; the bundle itself says how long it may be used. */
const maxAgeSeconds = 300;

@ApiTags('trust')
@Controller('.well-known/ovop-trust')
@Public(true)
export class TrustController {
  constructor(private readonly trust: TrustService) {}

  @Get()
  @ApiOperation({ summary: 'Download the trust bundle: everything that verifying labels without a network needs' })
  @ApiOkResponse({ description: 'a compact JWS of type ovop-trust+jwt', content: { 'application/jose': {} } })
  async download(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const trust = this.trust.current;
    if (trust === undefined)
      throw new AppError('unavailable', 'no trust bundle has arrived yet; try again in a moment');
    void reply.headers({
      etag: trust.etag,
      'cache-control': `public, max-age=${maxAgeSeconds}`,
      'access-control-allow-origin': '*',
      'content-type': 'application/jose',
    });
    if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === trust.etag) === true) {
      void reply.status(304);
      return undefined;
    }
    return trust.jws;
  }
}
