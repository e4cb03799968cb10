import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '#platform';
import { jwks, type Jwks } from './person.schemas.js';
import { SessionKeys } from './session-keys.js';

@ApiTags('sessions')
@Controller('api/registration/jwks.json')
@Public(true)
export class JwksController {
  constructor(private readonly keys: SessionKeys) {}

  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'The public keys of session tokens, for every service that checks them' })
  @ApiOkResponse({ standardSchema: jwks })
  published(): Promise<Jwks> {
    return this.keys.published();
  }
}
