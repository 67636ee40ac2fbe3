import { type Actor, EXECUTION_STATUSES, isEnded } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { CancelExecution } from '../cancel-execution.js';
import { AuditBulk } from './audit-bulk.js';
import type { BulkDto } from './bulk.dto.js';
import type { BulkPreviewView, BulkResultView } from './bulk.view.js';
import { doToEach } from './do-to-each.js';
import { SelectExecutions } from './select-executions.js';

const CANCELLABLE = EXECUTION_STATUSES.filter((status) => !isEnded(status));

/** Asks for the end of every execution that a filter shows and that has not ended. */
@Injectable()
export class BulkCancel {
  constructor(
    private readonly select: SelectExecutions,
    private readonly cancel: CancelExecution,
    private readonly audit: AuditBulk,
  ) {}

  preview(actor: Actor, body: BulkDto): Promise<BulkPreviewView> {
    return this.select.preview(actor.tenant_id, body, CANCELLABLE);
  }

  /** @throws ApiError COUNT_DIFFERS, TOO_MANY_MATCHES; nothing is done then */
  async run(actor: Actor, body: BulkDto): Promise<BulkResultView> {
    const { ids } = await this.select.of(actor.tenant_id, body, CANCELLABLE);
    await this.audit.write(actor, 'execution.bulk_cancel', body, ids.length);
    return doToEach(ids, (id) => this.cancel.run(actor, id));
  }
}
