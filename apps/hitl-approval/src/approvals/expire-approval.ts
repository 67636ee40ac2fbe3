import { randomUUID } from 'node:crypto';
import type { ApprovalOutcome } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  AuditRepository,
  NoticesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** pending → expired, audited, with the event of a rejection by nobody; unless somebody decided first: then that decision. */
@Injectable()
export class ExpireApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly audit: AuditRepository,
    private readonly events: EventPublisher,
    private readonly notices: NoticesRepository,
  ) {}

  async run(tenantId: string, approvalId: string): Promise<ApprovalOutcome> {
    return this.db.run(tenantId, async () => {
      if (await this.approvals.expire(approvalId)) await this.tell((await this.approvals.get(approvalId))!);
      const outcome = await this.approvals.takeDecision(approvalId);
      if (!outcome) throw new Error(`approval ${approvalId} neither expired nor was decided`);
      return outcome;
    });
  }

  private async tell(row: ApprovalEntity): Promise<void> {
    const { id, tenant_id, execution_id, payload_hash } = row;
    await this.notices.queue({ approval_id: id, kind: 'expired', key: 'expired' });
    await this.audit.append({
      actor_id: 'system',
      action: 'approval.expire',
      resource_type: 'approval',
      resource_id: id,
      outcome: 'allowed',
      details: { execution_id, payload_hash },
    });
    await this.events.publish({
      event_id: randomUUID(),
      event_type: 'agf.hitl.rejected',
      tenant_id,
      aggregate_type: 'approval',
      aggregate_id: id,
      actor_id: 'system',
      correlation_id: execution_id,
      occurred_at: (row.decided_at ?? new Date()).toISOString(),
      data: { approval_id: id, execution_id, decided_by: 'system', notes: 'expired' },
      ...(row.traceparent ? { traceparent: row.traceparent } : {}),
    });
  }
}
