import { ApprovalsRepository, FamiliesRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { approvalView } from './approval.convert.js';
import type { ApprovalView } from './approval.view.js';

@Injectable()
export class GetApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly families: FamiliesRepository,
  ) {}

  /** @throws ApiError NOT_FOUND: what another tenant has does not exist */
  async run(tenantId: string, id: string): Promise<ApprovalView> {
    return this.db.run(tenantId, async () => {
      const row = await this.approvals.get(id);
      if (!row) throw notFound();
      const paths = await this.families.pathsTo([row.execution_id]);
      return approvalView(row, await this.approvals.decisionsOf(id), paths.get(row.execution_id) ?? []);
    });
  }
}
