import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { uuid } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import { sheetQuery, type SheetQuery } from './sheet.schemas.js';
import { SheetService } from './sheet.service.js';

@ApiTags('print runs')
@Controller('api/labeling/print-runs')
@Roles(['producer', 'officer'])
export class SheetController {
  constructor(private readonly sheets: SheetService) {}

  @Get(':id/sheet.pdf')
  @ApiOperation({ summary: 'Download the labels of a complete run on A4 sheets of 3×7 labels, 63.5×38.1 mm' })
  @ApiOkResponse({ content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } })
  async sheet(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: sheetQuery }) query: SheetQuery,
  ): Promise<StreamableFile> {
    const { pdf, fileName } = await this.sheets.open(actor, id, query);
    return new StreamableFile(pdf, { type: 'application/pdf', disposition: `inline; filename="${fileName}"` });
  }
}
