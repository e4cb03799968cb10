import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#platform';
import { BundleService } from './bundle.service.js';

@ApiTags('trust')
@Controller('api/labeling/trust-bundle')
export class BundleController {
  constructor(private readonly bundle: BundleService) {}

  @Get()
  @Public(true)
  @ApiOperation({ summary: 'Download the trust bundle in force: all that an offline verifier needs' })
  @ApiOkResponse({
    description: 'a compact JWS (RFC 7515)',
    content: { 'application/jose': { schema: { type: 'string' } } },
  })
  async latest(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const { seq, jws } = await this.bundle.latest();
    const etag = `"${seq}"`;
    void reply.headers({ etag, 'cache-control': 'public, max-age=60' });
    if (known === etag) {
      void reply.status(304);
      return undefined;
    }
    void reply.type('application/jose').header('content-disposition', 'attachment; filename="trust-bundle.jose"');
    return jws;
  }
}
