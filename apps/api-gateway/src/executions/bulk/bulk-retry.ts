import { type Actor } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { RETRIED, RetryExecution } from '../anew/retry-execution.js';
import { AuditBulk } from './audit-bulk.js';
import type { BulkDto } from './bulk.dto.js';
import type { BulkPreviewView, BulkResultView } from './bulk.view.js';
import { doToEach } from './do-to-each.js';
import { SelectExecutions } from './select-executions.js';

/** Retries every execution that a filter shows and that failed or was cancelled, each as its own route would. */
@Injectable()
export class BulkRetry {
  constructor(
    private readonly select: SelectExecutions,
    private readonly retry: RetryExecution,
    private readonly audit: AuditBulk,
  ) {}

  preview(actor: Actor, body: BulkDto): Promise<BulkPreviewView> {
    return this.select.preview(actor.tenant_id, body, RETRIED);
  }

  /**
   * @param request its key, if it has one, is the key of each retry
   * @throws ApiError COUNT_DIFFERS, TOO_MANY_MATCHES; nothing is done then
   */
  async run(
    actor: Actor,
    body: BulkDto,
    request: { correlation_id: string; idempotency_key?: string },
  ): Promise<BulkResultView> {
    const { ids } = await this.select.of(actor.tenant_id, body, RETRIED);
    await this.audit.write(actor, 'execution.bulk_retry', body, ids.length);
    return doToEach(ids, (execution_id) => this.retry.run({ ...request, actor, execution_id, body: {} }));
  }
}
