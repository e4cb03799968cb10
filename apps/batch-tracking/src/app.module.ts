import { Module } from '@nestjs/common';
import { BatchesController } from './batches/batches.controller.js';
import { BatchesService } from './batches/batches.service.js';
import { Database } from './database.js';
import { RegisterConsumer } from './register/register.consumer.js';
import { StepsController } from './steps/steps.controller.js';
import { StepsService } from './steps/steps.service.js';

@Module({
  controllers: [RegisterConsumer, BatchesController, StepsController],
  providers: [Database, BatchesService, StepsService],
})
export class AppModule {}
