import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#platform';
import { chooseLanguage } from '../i18n/negotiation.rules.js';
import { toAnswer } from './verify.answer.js';
import { verifyAnswer, verifyQuery, type VerifyAnswer, type VerifyQuery } from './verify.schemas.js';
import { VerificationService } from './verification.service.js';

/** Verdicts for programs; a label's own address answers the same to whoever accepts application/json. */
@ApiTags('verification')
@Controller('api/verify')
@Public(true)
export class VerifyController {
  constructor(private readonly verification: VerificationService) {}

  @Get()
  @ApiOperation({ summary: 'Verify a label by its whole address' })
  @ApiOkResponse({ standardSchema: verifyAnswer })
  async verify(
    @Query({ schema: verifyQuery }) { uri, lang }: VerifyQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerifyAnswer> {
    void reply.headers({ 'cache-control': 'no-store', 'access-control-allow-origin': '*', vary: 'accept-language' });
    const language = chooseLanguage(lang, request.headers['accept-language']);
    return toAnswer(await this.verification.verify(uri, language, 'api'));
  }
}
