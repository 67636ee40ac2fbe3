import { ApprovalsRepository, NoticesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** Whoever may decide is told again: once a reminder, and of what is pending only. */
@Injectable()
export class RemindApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly notices: NoticesRepository,
  ) {}

  async run(tenantId: string, approvalId: string, reminder: number): Promise<void> {
    await this.db.run(tenantId, async () => {
      if (!(await this.approvals.remind(approvalId, reminder))) return;
      await this.notices.queue({ approval_id: approvalId, kind: 'reminder', key: `reminder:${String(reminder)}` });
    });
  }
}
