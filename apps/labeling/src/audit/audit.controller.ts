import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '#platform';
import {
  auditExport,
  auditPage,
  auditSearch,
  type AuditExport,
  type AuditPage,
  type AuditSearch,
} from './audit.schemas.js';
import { AuditService } from './audit.service.js';

/** For administrators alone: it tells of every organisation. Whoever inspects the log is given an export. */
@ApiTags('audit')
@Controller('api/labeling/audit')
@Roles(['administrator'])
export class AuditController {
  constructor(private readonly log: AuditService) {}

  @Get()
  @ApiOperation({ summary: 'Read the audit log, the oldest first' })
  @ApiOkResponse({ standardSchema: auditPage })
  search(@Query({ schema: auditSearch }) query: AuditSearch): Promise<AuditPage> {
    return this.log.search(query);
  }

  @Get('export')
  @ApiOperation({ summary: 'Download the audit log for `ovop audit verify`' })
  @ApiOkResponse({
    description: 'a record a line; the last line has their number and the head of the chain',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  async export(@Query({ schema: auditExport }) query: AuditExport): Promise<StreamableFile> {
    const disposition = 'attachment; filename="audit.ndjson"';
    return new StreamableFile(await this.log.export(query), { type: 'application/x-ndjson', disposition });
  }
}
