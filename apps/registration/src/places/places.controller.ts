import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { place, uuid, type Place } from '#contracts';
import { Roles } from '#platform';
import type { Page } from '../page.js';
import {
  placeAnswer,
  placePage,
  placeSearch,
  recordPlace,
  type PlaceAnswer,
  type PlaceSearch,
  type RecordPlace,
} from './place.schemas.js';
import { PlacesService } from './places.service.js';

@ApiTags('places')
@Controller('api/registration/places')
export class PlacesController {
  constructor(private readonly places: PlacesService) {}

  @Post()
  @Roles(['administrator'])
  @ApiOperation({ summary: 'Enter a place of the administrative tree' })
  @ApiCreatedResponse({ standardSchema: place })
  record(@Body({ schema: recordPlace }) body: RecordPlace): Promise<Place> {
    return this.places.record(body);
  }

  @Get()
  @ApiOperation({ summary: 'Find places by name, alias, code or parent, the larger ones first' })
  @ApiOkResponse({ standardSchema: placePage })
  search(@Query({ schema: placeSearch }) query: PlaceSearch): Promise<Page<PlaceAnswer>> {
    return this.places.search(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a place with its parents' })
  @ApiOkResponse({ standardSchema: placeAnswer })
  get(@Param('id', { schema: uuid }) id: string): Promise<PlaceAnswer> {
    return this.places.get(id);
  }
}
