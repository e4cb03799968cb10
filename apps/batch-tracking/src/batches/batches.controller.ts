import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { batch, uuid, type Batch } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import {
  batchDetail,
  batchPage,
  batchSearch,
  openBatch,
  recallBatch,
  releaseBatch,
  type BatchDetail,
  type BatchPage,
  type BatchSearch,
  type OpenBatch,
  type RecallBatch,
  type ReleaseBatch,
} from './batch.schemas.js';
import { BatchesService } from './batches.service.js';

@ApiTags('batches')
@Controller('api/batch-tracking/batches')
export class BatchesController {
  constructor(private readonly batches: BatchesService) {}

  @Post()
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Open a batch of a certified product' })
  @ApiCreatedResponse({ standardSchema: batch })
  open(@Actor() actor: Principal, @Body({ schema: openBatch }) body: OpenBatch): Promise<Batch> {
    return this.batches.open(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'List batches, the latest first' })
  @ApiOkResponse({ standardSchema: batchPage })
  search(@Actor() actor: Principal, @Query({ schema: batchSearch }) query: BatchSearch): Promise<BatchPage> {
    return this.batches.search(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a batch with its steps in order and their corrections' })
  @ApiOkResponse({ standardSchema: batchDetail })
  get(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<BatchDetail> {
    return this.batches.get(actor, id);
  }

  @Post(':id/release')
  @HttpCode(200)
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Finish a batch with its count of units, so that labels can be signed for it' })
  @ApiOkResponse({ standardSchema: batch })
  release(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: releaseBatch }) body: ReleaseBatch,
  ): Promise<Batch> {
    return this.batches.release(actor, id, body);
  }

  @Post(':id/recall')
  @HttpCode(200)
  @Roles(['committee'])
  @ApiOperation({ summary: 'Call a released batch back from the market' })
  @ApiOkResponse({ standardSchema: batch })
  recall(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: recallBatch }) body: RecallBatch,
  ): Promise<Batch> {
    return this.batches.recall(actor, id, body);
  }
}
