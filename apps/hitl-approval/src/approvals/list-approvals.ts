import {
  type ApprovalDecisionEntity,
  ApprovalsRepository,
  type ApprovalsQuery,
  FamiliesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
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
      const views: ApprovalView[] = [];
      for (const row of items) {
        // Only what somebody has voted on has votes to show.
        const voted = row.approvals_required > 1 || row.decided_by !== null;
        const decisions: ApprovalDecisionEntity[] = voted ? await this.approvals.decisionsOf(row.id) : [];
        views.push(approvalView(row, decisions, paths.get(row.execution_id) ?? []));
      }
      return pageOf(views, total, query);
    });
  }
}
