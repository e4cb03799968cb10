import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { step, uuid, type Step } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import {
  correctStep,
  recordStep,
  stepDetail,
  type CorrectStep,
  type RecordStep,
  type StepDetail,
} from './step.schemas.js';
import { StepsService } from './steps.service.js';

@ApiTags('steps')
@Controller('api/batch-tracking')
export class StepsController {
  constructor(private readonly steps: StepsService) {}

  @Post('batches/:id/steps')
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Record a crafting step of an open batch' })
  @ApiCreatedResponse({ standardSchema: step })
  record(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: recordStep }) body: RecordStep,
  ): Promise<Step> {
    return this.steps.record(actor, id, body);
  }

  @Post('steps/:id/corrections')
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Correct a recorded step; the earlier facts stay on record' })
  @ApiCreatedResponse({ standardSchema: stepDetail })
  correct(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: correctStep }) body: CorrectStep,
  ): Promise<StepDetail> {
    return this.steps.correct(actor, id, body);
  }
}
