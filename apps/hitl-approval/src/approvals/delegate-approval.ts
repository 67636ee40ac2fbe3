import { ApiError, invalidField, samePerson, levelToDecide } from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  MembersRepository,
  NoticesRepository,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { ActOnApproval, type ApprovalActor } from './act-on-approval.js';
import type { DelegateDto } from './approval.dto.js';
import type { ApprovalView } from './approval.view.js';
import { decidedAlready, notPending } from './refusals.js';
import { ShowApproval } from './show-approval.js';

/** Leaves the present stage to somebody else, who decides in place of the actor; to oneself: takes it back. */
@Injectable()
export class DelegateApproval {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly members: MembersRepository,
    private readonly tenants: TenantsRepository,
    private readonly notices: NoticesRepository,
    private readonly act: ActOnApproval,
    private readonly show: ShowApproval,
  ) {}

  /** @throws ApiError NOT_FOUND, FORBIDDEN, INVALID_STATE, CONFLICT, VALIDATION_ERROR for `to` who could not decide */
  async run(actor: ApprovalActor, approval_id: string, { to, notes }: DelegateDto): Promise<ApprovalView> {
    return this.act.run(actor, approval_id, 'approval.delegate', async (may) => {
      const from = actor.sub;
      const made = await this.approvals.delegate({ approval_id, from, to, notes: notes ?? null, may });
      switch (made.kind) {
        case 'not_found':
          throw notFound();
        case 'not_theirs':
          return made.reason;
        case 'not_pending':
          throw notPending();
        case 'duplicate_actor':
          throw decidedAlready();
        case 'not_on':
          throw new ApiError('CONFLICT', 'It was left to you: you cannot leave it to somebody else.');
        case 'cannot_decide':
          throw noDecider('asked for it, wrote it, is kept out or has decided');
        case 'delegated':
          break;
      }
      const { approval, delegation } = made;
      if (delegation) {
        await this.mustReach(approval, to);
        const key = `delegated:${delegation.at}:${from}`;
        await this.notices.queue({ approval_id, kind: 'delegated', key, to: { subs: [to] } });
      }
      await this.act.note(actor, approval, 'approval.delegate', 'allowed', {
        ...{ to: delegation ? to : null, stage: approval.stage, notes: notes ?? null },
      });
      return this.show.of(approval);
    });
  }

  /** What is known of them must suffice; what is not known is asked of their token when they decide. */
  private async mustReach({ privilege_level }: ApprovalEntity, to: string): Promise<void> {
    const member = await this.members.known(to);
    if (!member && (await this.tenants.get())?.members_complete) throw noDecider('is nobody of the tenant');
    if (member && !member.roles.some((role) => role === 'approver' || role === 'admin'))
      throw noDecider('has neither the role approver nor admin');
    if (member && samePerson(member.sub, to) && member.privilege_level < levelToDecide(privilege_level))
      throw noDecider('has too low a level for it');
  }
}

const noDecider = (why: string): ApiError => invalidField('to', why);
