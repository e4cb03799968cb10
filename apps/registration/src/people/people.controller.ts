import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Actor, Roles, type Principal } from '#platform';
import type { Page } from '../page.js';
import { PeopleService } from './people.service.js';
import {
  enterPerson,
  person,
  personPage,
  personSearch,
  type EnterPerson,
  type Person,
  type PersonSearch,
} from './person.schemas.js';

@ApiTags('people')
@Controller('api/registration/people')
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Post()
  @Roles(['officer'])
  @ApiOperation({ summary: "Enter an account: administrators anybody's, officers those of their country's producers" })
  @ApiCreatedResponse({ standardSchema: person })
  enter(@Actor() actor: Principal, @Body({ schema: enterPerson }) body: EnterPerson): Promise<Person> {
    return this.people.enter(actor, body);
  }

  @Get('me')
  @ApiOperation({ summary: 'Read the account that is signed in' })
  @ApiOkResponse({ standardSchema: person })
  me(@Actor() actor: Principal): Promise<Person> {
    return this.people.get(actor.id);
  }

  @Get()
  @Roles(['administrator'])
  @ApiOperation({ summary: 'List the accounts, newest first' })
  @ApiOkResponse({ standardSchema: personPage })
  search(@Query({ schema: personSearch }) query: PersonSearch): Promise<Page<Person>> {
    return this.people.search(query);
  }
}
