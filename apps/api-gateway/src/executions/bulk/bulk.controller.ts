import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../openapi/api-problems.js';
import { IdempotencyKey } from '../idempotency-key.js';
import { BulkCancel } from './bulk-cancel.js';
import { BulkRetry } from './bulk-retry.js';
import { BulkDto } from './bulk.dto.js';
import { BulkPreviewView, BulkResultView } from './bulk.view.js';

const PROBLEMS = {
  409: 'COUNT_DIFFERS: not as many match as were expected; `details.matches` says how many. Nothing was done.',
  422: 'TOO_MANY_MATCHES: more than 1,000; `details.matches` says how many. Nothing was done.',
} as const;
const PREVIEW = { type: BulkPreviewView, description: 'of a dry run' } as const;

@ApiTags('executions')
@ApiBearerAuth()
@Controller('executions/bulk')
export class BulkController {
  constructor(
    private readonly bulkCancel: BulkCancel,
    private readonly bulkRetry: BulkRetry,
  ) {}

  @Post('cancel')
  @HttpCode(202)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Ask for the end of every execution that a filter shows, at most 1,000' })
  @ApiAcceptedResponse({ type: BulkResultView })
  @ApiOkResponse(PREVIEW)
  @ApiProblems(PROBLEMS)
  async cancel(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: BulkDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkResultView | BulkPreviewView> {
    if (!body.dry_run) return this.bulkCancel.run(actor, body);
    void reply.status(200);
    return this.bulkCancel.preview(actor, body);
  }

  @Post('retry')
  @HttpCode(202)
  @RequireRoles('admin')
  @ApiOperation({
    summary: 'Retry every failed or cancelled execution that a filter shows, at most 1,000',
    description: 'Each as its own route would: `refused` says which could not be, for instance QUOTA_EXCEEDED.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key retries an execution once.' })
  @ApiAcceptedResponse({ type: BulkResultView })
  @ApiOkResponse(PREVIEW)
  @ApiProblems(PROBLEMS)
  async retry(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: BulkDto,
    @IdempotencyKey() key: string | undefined,
    @Req() { id: correlation_id }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkResultView | BulkPreviewView> {
    if (!body.dry_run)
      return this.bulkRetry.run(actor, body, { correlation_id, ...(key ? { idempotency_key: key } : {}) });
    void reply.status(200);
    return this.bulkRetry.preview(actor, body);
  }
}
