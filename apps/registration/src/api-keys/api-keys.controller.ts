import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { uuid } from '#contracts';
import { Roles } from '#platform';
import type { Page } from '../page.js';
import {
  apiKeyPage,
  apiKeySearch,
  issueApiKey,
  issuedApiKey,
  type ApiKeyFacts,
  type ApiKeySearch,
  type IssueApiKey,
  type IssuedApiKey,
} from './api-key.schemas.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('api-keys')
@Controller('api/registration/api-keys')
@Roles(['administrator'])
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Post()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Issue an API key; it is shown in this answer and never again' })
  @ApiCreatedResponse({ standardSchema: issuedApiKey })
  issue(@Body({ schema: issueApiKey }) body: IssueApiKey): Promise<IssuedApiKey> {
    return this.apiKeys.issue(body);
  }

  @Get()
  @ApiOperation({ summary: 'List the API keys, newest first' })
  @ApiOkResponse({ standardSchema: apiKeyPage })
  list(@Query({ schema: apiKeySearch }) query: ApiKeySearch): Promise<Page<ApiKeyFacts>> {
    return this.apiKeys.list(query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API key' })
  @ApiNoContentResponse()
  revoke(@Param('id', { schema: uuid }) id: string): Promise<void> {
    return this.apiKeys.revoke(id);
  }
}
