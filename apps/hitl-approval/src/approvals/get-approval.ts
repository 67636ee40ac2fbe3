import { ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { ApprovalView } from './approval.view.js';
import { ShowApproval } from './show-approval.js';

@Injectable()
export class GetApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly show: ShowApproval,
  ) {}

  /** @throws ApiError NOT_FOUND: what another tenant has does not exist */
  async run(tenantId: string, id: string): Promise<ApprovalView> {
    return this.db.run(tenantId, async () => {
      const row = await this.approvals.get(id);
      if (!row) throw notFound();
      return this.show.of(row);
    });
  }
}
