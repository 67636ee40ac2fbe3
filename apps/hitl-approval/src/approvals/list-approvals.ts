import { ApprovalsRepository, type ApprovalsQuery, FamiliesRepository, TenantDb } from '@aumos/agf-persistence';
import { type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { approvalView } from './approval.convert.js';
import type { ApprovalView } from './approval.view.js';

@Injectable()
export class ListApprovals {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly families: FamiliesRepository,
  ) {}

  async run(tenantId: string, query: ApprovalsQuery & PageQuery): Promise<Page<ApprovalView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.approvals.list(query);
      const paths = await this.families.pathsTo(items.map(({ execution_id }) => execution_id));
      const decisions = await this.approvals.decisionsOf(...items.map(({ id }) => id));
      const views = items.map((row): ApprovalView => {
        const own = decisions.filter(({ approval_id }) => approval_id === row.id);
        return approvalView(row, own, paths.get(row.execution_id) ?? []);
      });
      return pageOf(views, total, query);
    });
  }
}
