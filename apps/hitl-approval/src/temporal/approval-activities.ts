import type { ApprovalActivities } from '@aumos/agf-engine/common';
import { ApprovalsRepository, NoticesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExpireApproval } from '../approvals/expire-approval.js';
import { OpenApproval } from '../approvals/open-approval.js';

/** The activities of the approval's workflow. Each may be repeated. */
@Injectable()
export class Activities {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly notices: NoticesRepository,
    private readonly open: OpenApproval,
    private readonly expire: ExpireApproval,
  ) {}

  all(): ApprovalActivities {
    return {
      openApproval: (start) => this.open.run(start),
      takeDecision: ({ tenant_id, approval_id }) =>
        this.db.run(tenant_id, () => this.approvals.takeDecision(approval_id)),
      expireApproval: ({ tenant_id, approval_id }) => this.expire.run(tenant_id, approval_id),
      escalateApproval: async ({ tenant_id, approval_id }) => {
        await this.db.run(tenant_id, async () => {
          if (!(await this.approvals.escalate(approval_id))) return;
          await this.notices.queue({ approval_id, kind: 'escalated', key: 'escalated', to: { roles: ['admin'] } });
        });
      },
      cancelApproval: async ({ tenant_id, approval_id }) => {
        await this.db.run(tenant_id, () => this.approvals.cancel(approval_id));
      },
    };
  }
}
