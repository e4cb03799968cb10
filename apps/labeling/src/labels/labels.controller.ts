import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Actor, Roles, type Principal } from '#platform';
import { voidedLabels, voidLabels, type VoidedLabels, type VoidLabels } from './label.schemas.js';
import { LabelsService } from './labels.service.js';

@ApiTags('labels')
@Controller('api/labeling/labels')
export class LabelsController {
  constructor(private readonly labels: LabelsService) {}

  @Post('void')
  @HttpCode(200)
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Take spoilt, lost or destroyed labels out of use' })
  @ApiOkResponse({ standardSchema: voidedLabels })
  void(@Actor() actor: Principal, @Body({ schema: voidLabels }) body: VoidLabels): Promise<VoidedLabels> {
    return this.labels.void(actor, body);
  }
}
