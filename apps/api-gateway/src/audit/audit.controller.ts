import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles } from '@aumos/agf-platform';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditExportDto, AuditQueryDto } from './audit.dto.js';
import { AuditEntryView, AuditHeadView } from './audit.view.js';
import { ExportAudit } from './export-audit.js';
import { ReadAudit } from './read-audit.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('audit')
@RequireRoles('admin', 'auditor')
export class AuditController {
  constructor(
    private readonly read: ReadAudit,
    private readonly exported: ExportAudit,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who did what, or was refused, newest first' })
  @ApiPage(AuditEntryView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: AuditQueryDto): Promise<Page<AuditEntryView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Get('head')
  @ApiOperation({
    summary: 'The newest entry’s place and hash',
    description: 'Kept elsewhere, it is a checkpoint: it shows whether the chain was rewritten or cut since.',
  })
  @ApiOkResponse({ type: AuditHeadView })
  head(@CurrentActor() actor: AuthenticatedActor): Promise<AuditHeadView> {
    return this.read.head(actor.tenant_id);
  }

  @Get('export')
  @ApiOperation({
    summary: 'The chain, to be verified elsewhere',
    description: 'A line of JSON an entry, oldest first; the last line is the head. `npm run audit -- verify FILE`.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @CurrentActor() actor: AuthenticatedActor,
    @Query() { from }: AuditExportDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    void reply.headers({ 'cache-control': 'private, no-store' });
    const disposition = 'attachment; filename="audit.ndjson"';
    return new StreamableFile(await this.exported.run(actor, from), { type: 'application/x-ndjson', disposition });
  }
}
