import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { uuid } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import { askRevocation, revocation, type AskRevocation, type Revocation } from './revocation.schemas.js';
import { RevocationsService } from './revocations.service.js';

@ApiTags('revocations')
@Controller('api/labeling/revocations')
@Roles(['administrator', 'committee'])
export class RevocationsController {
  constructor(private readonly revocations: RevocationsService) {}

  @Post()
  @ApiOperation({ summary: 'Revoke, or propose it where a second person has to confirm' })
  @ApiCreatedResponse({ standardSchema: revocation })
  ask(@Actor() actor: Principal, @Body({ schema: askRevocation }) body: AskRevocation): Promise<Revocation> {
    return this.revocations.ask(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'List the latest revocations and proposals' })
  @ApiOkResponse({ standardSchema: z.array(revocation) })
  list(): Promise<Revocation[]> {
    return this.revocations.list();
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'Carry out what somebody else proposed' })
  @ApiOkResponse({ standardSchema: revocation })
  confirm(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<Revocation> {
    return this.revocations.goOn(actor, id, 'confirm');
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take back a proposal' })
  @ApiOkResponse({ standardSchema: revocation })
  withdraw(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<Revocation> {
    return this.revocations.goOn(actor, id, 'withdraw');
  }

  @Post(':id/reinstate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lift a suspension; a new certificate follows' })
  @ApiOkResponse({ standardSchema: revocation })
  reinstate(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<Revocation> {
    return this.revocations.goOn(actor, id, 'reinstate');
  }
}
