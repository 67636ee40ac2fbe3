import { ApiError } from '@aumos/agf-domain';
import { ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { ActOnApproval, type ApprovalActor } from './act-on-approval.js';
import type { ApprovalView } from './approval.view.js';
import { ShowApproval } from './show-approval.js';

/** Ends a claim: one's own, or, as an admin, anybody's. */
@Injectable()
export class ReleaseApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly act: ActOnApproval,
    private readonly show: ShowApproval,
  ) {}

  /** @throws ApiError NOT_FOUND, FORBIDDEN, INVALID_STATE where nobody works on it */
  async run(actor: ApprovalActor, approval_id: string): Promise<ApprovalView> {
    return this.db.run(actor.tenant_id, async () => {
      const any = actor.roles.includes('admin');
      const released = await this.approvals.release({ approval_id, actor: actor.sub, any });
      if (released.kind === 'not_found') throw notFound();
      if (released.kind === 'not_claimed') throw new ApiError('INVALID_STATE', 'Nobody works on it.');
      if (released.kind === 'not_yours')
        throw new ApiError('FORBIDDEN', 'Only an admin, or who claimed it, releases it.', { claimed_by: released.by });
      await this.act.note(actor, released.approval, 'approval.release', 'allowed', { was: released.was });
      return this.show.of(released.approval);
    });
  }
}
