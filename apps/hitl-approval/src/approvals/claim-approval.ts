import { ApprovalsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { ActOnApproval, type ApprovalActor } from './act-on-approval.js';
import type { ApprovalView } from './approval.view.js';
import { claimedBy, decidedAlready, notPending } from './refusals.js';
import { ShowApproval } from './show-approval.js';

const MINUTES = 30;

/** Says that the actor works on it: until then nobody else decides. */
@Injectable()
export class ClaimApproval {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly act: ActOnApproval,
    private readonly show: ShowApproval,
  ) {}

  /** @throws ApiError NOT_FOUND, FORBIDDEN, INVALID_STATE, CONFLICT while somebody else works on it */
  async run(actor: ApprovalActor, approval_id: string, minutes = MINUTES): Promise<ApprovalView> {
    return this.act.run(actor, approval_id, 'approval.claim', async (may) => {
      const claimed = await this.approvals.claim({ approval_id, actor: actor.sub, minutes, may });
      switch (claimed.kind) {
        case 'not_found':
          throw notFound();
        case 'not_theirs':
          return claimed.reason;
        case 'not_pending':
          throw notPending();
        case 'duplicate_actor':
          throw decidedAlready();
        case 'taken':
          throw claimedBy(claimed.by, claimed.until);
        case 'claimed':
          break;
      }
      await this.act.note(actor, claimed.approval, 'approval.claim', 'allowed', { minutes });
      return this.show.of(claimed.approval);
    });
  }
}
