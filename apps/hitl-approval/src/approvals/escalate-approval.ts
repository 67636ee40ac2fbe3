import { type ApprovalTimes } from '@aumos/agf-domain';
import { ApprovalsRepository, AuditRepository, NoticesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** Nobody decided in time: the admins are told, others may decide besides, or more must. Once, audited. */
@Injectable()
export class EscalateApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly notices: NoticesRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @param times absent: it was asked for by an earlier build, and is only marked and told of */
  async run(tenantId: string, approvalId: string, times?: ApprovalTimes): Promise<void> {
    await this.db.run(tenantId, async () => {
      if (!(await this.approvals.escalate(approvalId, times))) return;
      const row = (await this.approvals.get(approvalId))!;
      const policy = times?.escalation_policy ?? 'notify_admin';
      const isForAdmins = policy === 'notify_admin';
      await this.notices.queue({
        ...{ approval_id: approvalId, kind: 'escalated' as const, key: 'escalated' },
        ...(isForAdmins ? { to: { roles: ['admin'] } } : {}),
      });
      const { execution_id, payload_hash, extra_approvers, approvals_required } = row;
      await this.audit.append({
        actor_id: 'system',
        action: 'approval.escalate',
        resource_type: 'approval',
        resource_id: approvalId,
        outcome: 'allowed',
        details: { execution_id, payload_hash, policy, extra_approvers, approvals_required },
      });
    });
  }
}
