import type { ApprovalActivities } from '@aumos/agf-engine/common';
import { deadlineOf } from '@aumos/agf-engine/hours';
import { ApprovalsRepository, BusinessHoursRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { EscalateApproval } from '../approvals/escalate-approval.js';
import { ExpireApproval } from '../approvals/expire-approval.js';
import { OpenApproval } from '../approvals/open-approval.js';
import { RemindApproval } from '../approvals/remind-approval.js';

/** The activities of the approval's workflow. Each may be repeated. */
@Injectable()
export class Activities {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly open: OpenApproval,
    private readonly expire: ExpireApproval,
    private readonly escalate: EscalateApproval,
    private readonly remind: RemindApproval,
    private readonly hours: BusinessHoursRepository,
  ) {}

  all(): ApprovalActivities {
    return {
      openApproval: (start) => this.open.run(start),
      takeDecision: ({ tenant_id, approval_id }) =>
        this.db.run(tenant_id, () => this.approvals.takeDecision(approval_id)),
      expireApproval: ({ tenant_id, approval_id }) => this.expire.run(tenant_id, approval_id),
      escalateApproval: ({ tenant_id, approval_id, times }) => this.escalate.run(tenant_id, approval_id, times),
      remindApproval: ({ tenant_id, approval_id, reminder }) => this.remind.run(tenant_id, approval_id, reminder),
      deadlineOf: (asked) => deadlineOf(asked, () => this.hours.of(asked.tenant_id)),
      cancelApproval: async ({ tenant_id, approval_id }) => {
        await this.db.run(tenant_id, () => this.approvals.cancel(approval_id));
      },
    };
  }
}
