import { Module } from '@nestjs/common';
import { Audit } from './audit.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { Refusals } from './audit/refusals.js';
import { AuthorityService } from './authority/authority.service.js';
import { CeremonyService } from './authority/ceremony.service.js';
import { CertificatesController } from './authority/certificates.controller.js';
import { CertificatesService } from './authority/certificates.service.js';
import { CrlService } from './authority/crl.service.js';
import { ImportService } from './authority/import.service.js';
import { IssueService } from './authority/issue.service.js';
import { Keyring } from './authority/keyring.js';
import { BundleController } from './bundle/bundle.controller.js';
import { BundleService } from './bundle/bundle.service.js';
import { Database } from './database.js';
import { LabelsController } from './labels/labels.controller.js';
import { LabelsService } from './labels/labels.service.js';
import { PrintRunsController } from './print-runs/print-runs.controller.js';
import { PrintRunsService } from './print-runs/print-runs.service.js';
import { SigningService } from './print-runs/signing.service.js';
import { RegisterConsumer } from './register/register.consumer.js';
import { RevocationsController } from './revocations/revocations.controller.js';
import { RevocationsService } from './revocations/revocations.service.js';
import { SheetController } from './sheet/sheet.controller.js';
import { SheetService } from './sheet/sheet.service.js';

@Module({
  controllers: [
    RegisterConsumer,
    CertificatesController,
    BundleController,
    PrintRunsController,
    LabelsController,
    SheetController,
    RevocationsController,
    AuditController,
  ],
  providers: [
    Database,
    Audit,
    Refusals,
    AuditService,
    Keyring,
    IssueService,
    CrlService,
    CeremonyService,
    ImportService,
    AuthorityService,
    CertificatesService,
    BundleService,
    SigningService,
    PrintRunsService,
    LabelsService,
    SheetService,
    RevocationsService,
  ],
})
export class AppModule {}
