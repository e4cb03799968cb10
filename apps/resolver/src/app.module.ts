import { Module } from '@nestjs/common';
import { CheckService } from './check/check.service.js';
import { Database } from './database.js';
import { PublicRoutes } from './http/public-routes.js';
import { LabelsConsumer } from './register/labels.consumer.js';
import { RegisterConsumer } from './register/register.consumer.js';
import { ScansService } from './scans/scans.service.js';
import { StoriesService } from './stories/stories.service.js';
import { TrustConsumer } from './trust/trust.consumer.js';
import { TrustController } from './trust/trust.controller.js';
import { TrustService } from './trust/trust.service.js';
import { LabelLookup } from './verify/label-lookup.js';
import { VerificationService } from './verify/verification.service.js';
import { VerifyController } from './verify/verify.controller.js';

@Module({
  controllers: [RegisterConsumer, LabelsConsumer, TrustConsumer, TrustController, VerifyController],
  providers: [
    Database,
    CheckService,
    LabelLookup,
    PublicRoutes,
    ScansService,
    StoriesService,
    TrustService,
    VerificationService,
  ],
})
export class AppModule {}
