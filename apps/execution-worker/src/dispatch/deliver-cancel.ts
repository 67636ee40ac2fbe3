import { isEnded } from '@aumos/agf-domain';
import { cancelExecution } from '@aumos/agf-engine/client';
import { ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { withSpan } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
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
  ) {}

  async run(tenantId: string, executionId: string): Promise<void> {
    const execution = await this.db.run(tenantId, () => this.executions.get(executionId));
    if (!execution?.cancel_requested_at || execution.cancel_delivered_at) return;
    await withSpan('deliver cancel', execution.traceparent, async () => {
      // Started first, so that there is one way in which executions end.
      if (execution.status === 'pending') await this.dispatch.run(tenantId, executionId);
      const told = await cancelExecution(this.temporal.client, tenantId, executionId);
      // Not running and not ended: it is being started. The sweep comes back to it.
      if (!told && !isEnded(execution.status)) return;
      await this.db.run(tenantId, () => this.executions.markCancelDelivered(executionId));
    });
  }
}
