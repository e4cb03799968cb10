import { Body, Controller, Delete, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, Public, sessionCookie } from '#platform';
import type { Config } from '../config.js';
import { signedIn, signIn, type SignedIn, type SignIn } from './person.schemas.js';
import { SessionsService, type OpenSession } from './sessions.service.js';

const path = 'api/registration/sessions';
/** Goes to the routes below only, and never along with a request that another site starts. */
const refreshCookie = 'ovop_refresh';

@ApiTags('sessions')
@Controller(path)
@Public(true)
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Sign in with e-mail address or phone number and password' })
  @ApiCreatedResponse({ standardSchema: signedIn })
  async signIn(
    @Body({ schema: signIn }) body: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.giveCookies(reply, await this.sessions.signIn(body, request.ip));
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Go on with a session: the refresh cookie is exchanged for the next one' })
  @ApiOkResponse({ standardSchema: signedIn })
  async refresh(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignedIn> {
    return this.giveCookies(reply, await this.sessions.refresh(request.cookies[refreshCookie]));
  }

  @Delete('current')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out: the session ends and its cookies are taken away' })
  @ApiNoContentResponse()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { session, refresh } = this.cookieOptions();
    void reply.clearCookie(sessionCookie, session).clearCookie(refreshCookie, refresh);
    await this.sessions.end(request.cookies[refreshCookie]);
  }

  private giveCookies(reply: FastifyReply, { answer, refreshToken, refreshUntil }: OpenSession): SignedIn {
    const { session, refresh } = this.cookieOptions();
    void reply
      .setCookie(sessionCookie, answer.accessToken, { ...session, expires: new Date(answer.expiresAt) })
      .setCookie(refreshCookie, refreshToken, { ...refresh, expires: refreshUntil });
    return answer;
  }

  private cookieOptions() {
    const common = { httpOnly: true, secure: this.config.PUBLIC_BASE_URL.startsWith('https:') };
    return {
      session: { ...common, path: '/', sameSite: 'lax' },
      refresh: { ...common, path: `/${path}`, sameSite: 'strict' },
    } as const;
  }
}
