import { randomUUID } from 'node:crypto';
import type { ApprovalOutcome } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** pending → expired, with the event of a rejection by nobody; unless somebody decided first: then that decision. */
@Injectable()
export class ExpireApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly events: EventPublisher,
  ) {}

  async run(tenantId: string, approvalId: string): Promise<ApprovalOutcome> {
    return this.db.run(tenantId, async () => {
      if (await this.approvals.expire(approvalId)) await this.publish(tenantId, approvalId);
      const outcome = await this.approvals.takeDecision(approvalId);
      if (!outcome) throw new Error(`approval ${approvalId} neither expired nor was decided`);
      return outcome;
    });
  }

  private async publish(tenantId: string, approvalId: string): Promise<void> {
    const row = (await this.approvals.get(approvalId))!;
    await this.events.publish({
      event_id: randomUUID(),
      event_type: 'agf.hitl.rejected',
      tenant_id: tenantId,
      aggregate_type: 'approval',
      aggregate_id: approvalId,
      actor_id: 'system',
      correlation_id: row.execution_id,
      occurred_at: (row.decided_at ?? new Date()).toISOString(),
      data: { approval_id: approvalId, execution_id: row.execution_id, decided_by: 'system', notes: 'expired' },
      ...(row.traceparent ? { traceparent: row.traceparent } : {}),
    });
  }
}
