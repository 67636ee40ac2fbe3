import { type ApprovalEntity, ApprovalsRepository, FamiliesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { approvalView } from './approval.convert.js';
import type { ApprovalView } from './approval.view.js';

/** One approval as it is shown. Needs an open tenant scope. */
@Injectable()
export class ShowApproval {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly families: FamiliesRepository,
  ) {}

  async of(row: ApprovalEntity): Promise<ApprovalView> {
    const paths = await this.families.pathsTo([row.execution_id]);
    return approvalView(row, await this.approvals.decisionsOf(row.id), paths.get(row.execution_id) ?? []);
  }
}
