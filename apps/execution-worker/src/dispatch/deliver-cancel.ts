import { cancelExecution, isExecutionClosed } from '@aumos/agf-engine/client';
import { ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { withSpan } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { CloseAbandoned } from '../execution/close-abandoned.js';
import { CloseOrphan } from '../execution/close-orphan.js';
import { TemporalClient } from '../temporal/temporal-client.js';
import { DispatchExecution } from './dispatch-execution.js';

/** Tells Temporal that somebody wants the execution to end. May be repeated. */
@Injectable()
export class DeliverCancel {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly temporal: TemporalClient,
    private readonly dispatch: DispatchExecution,
    private readonly close: CloseAbandoned,
    private readonly orphan: CloseOrphan,
  ) {}

  async run(tenantId: string, executionId: string): Promise<void> {
    const execution = await this.db.run(tenantId, () => this.executions.get(executionId));
    if (!execution?.cancel_requested_at || execution.cancel_delivered_at) return;
    await withSpan('deliver cancel', execution.traceparent, async () => {
      // Its parent starts it first; where nobody is left to, it ends here, and the next delivery finds it so.
      if (execution.status === 'pending' && execution.parent_execution_id !== null)
        return this.orphan.run(tenantId, executionId);
      // Started first, so that there is one way in which executions end.
      if (execution.status === 'pending') await this.dispatch.run(tenantId, executionId);
      await cancelExecution(this.temporal.client, tenantId, executionId);
      // What has ended takes no notice, and may have ended without its outcome.
      await this.close.run(tenantId, executionId, () => isExecutionClosed(this.temporal.client, tenantId, executionId));
      await this.db.run(tenantId, () => this.executions.markCancelDelivered(executionId));
    });
  }
}
