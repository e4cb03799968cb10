import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { organisation, uuid, type Organisation } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import type { Page } from '../page.js';
import {
  approvedOrganisation,
  decide,
  organisationAnswer,
  organisationPage,
  organisationSearch,
  registerOrganisation,
  type ApprovedOrganisation,
  type Decide,
  type OrganisationAnswer,
  type OrganisationSearch,
  type RegisterOrganisation,
} from './organisation.schemas.js';
import { OrganisationsService } from './organisations.service.js';

@ApiTags('organisations')
@Controller('api/registration/organisations')
export class OrganisationsController {
  constructor(private readonly organisations: OrganisationsService) {}

  @Post()
  @Roles(['officer'])
  @ApiOperation({ summary: 'Enter an organisation; a producer gets the prefix of its GTINs' })
  @ApiCreatedResponse({ standardSchema: organisation })
  register(
    @Actor() actor: Principal,
    @Body({ schema: registerOrganisation }) body: RegisterOrganisation,
  ): Promise<Organisation> {
    return this.organisations.register(actor, body);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Roles(['committee'])
  @ApiOperation({ summary: "Enter a committee's approval of an organisation; an administrator names the committee" })
  @ApiOkResponse({ standardSchema: approvedOrganisation })
  approve(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: decide }) body: Decide,
  ): Promise<ApprovedOrganisation> {
    return this.organisations.approve(actor, id, body);
  }

  @Get()
  @ApiOperation({ summary: 'List organisations, newest first: producers see their own, others their country' })
  @ApiOkResponse({ standardSchema: organisationPage })
  search(
    @Actor() actor: Principal,
    @Query({ schema: organisationSearch }) query: OrganisationSearch,
  ): Promise<Page<OrganisationAnswer>> {
    return this.organisations.search(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an organisation with its place and approval' })
  @ApiOkResponse({ standardSchema: organisationAnswer })
  get(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<OrganisationAnswer> {
    return this.organisations.get(actor, id);
  }
}
