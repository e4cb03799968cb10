import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { uuid } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import { LabelsService } from '../labels/labels.service.js';
import {
  labelPage,
  labelSearch,
  printRun,
  printRunPage,
  printRunSearch,
  requestPrintRun,
  type LabelPage,
  type LabelSearch,
  type PrintRun,
  type PrintRunPage,
  type PrintRunSearch,
  type RequestPrintRun,
} from './print-run.schemas.js';
import { PrintRunsService } from './print-runs.service.js';

@ApiTags('print runs')
@Controller('api/labeling/print-runs')
@Roles(['producer', 'officer'])
export class PrintRunsController {
  constructor(
    private readonly printRuns: PrintRunsService,
    private readonly labels: LabelsService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Ask for labels of a released batch; they are signed right after' })
  @ApiCreatedResponse({ standardSchema: printRun })
  request(@Actor() actor: Principal, @Body({ schema: requestPrintRun }) body: RequestPrintRun): Promise<PrintRun> {
    return this.printRuns.request(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'List print runs, the latest first' })
  @ApiOkResponse({ standardSchema: printRunPage })
  search(@Actor() actor: Principal, @Query({ schema: printRunSearch }) query: PrintRunSearch): Promise<PrintRunPage> {
    return this.printRuns.search(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a print run with its progress' })
  @ApiOkResponse({ standardSchema: printRun })
  get(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<PrintRun> {
    return this.printRuns.get(actor, id);
  }

  @Get(':id/labels')
  @ApiOperation({ summary: "Read a run's labels in the order of the sheet" })
  @ApiOkResponse({ standardSchema: labelPage })
  async list(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: labelSearch }) query: LabelSearch,
  ): Promise<LabelPage> {
    return this.labels.list(actor, id, query);
  }
}
