import { type MayDecide, mayStand, samePerson, type StandingQuestion, standsFor } from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  MembersRepository,
  type StandingApprovalEntity,
  StandingApprovalsRepository,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { JudgeDecider } from '../approvals/judge-decider.js';
import { TellDecision } from '../approvals/tell-decision.js';

/**
 * Decides on an approval that has just been opened where somebody has approved such calls ahead of time: as that person's
 * own decision, by the rules that hold for them now. Of the transaction that opens it, in which the use is counted.
 */
@Injectable()
export class ApplyStanding {
  constructor(
    private readonly standing: StandingApprovalsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly members: MembersRepository,
    private readonly tenants: TenantsRepository,
    private readonly judge: JudgeDecider,
    private readonly tell: TellDecision,
  ) {}

  /** Needs an open tenant scope. @returns whether it is decided */
  async run(approvalId: string): Promise<boolean> {
    const row = await this.approvals.get(approvalId);
    const asked = row && questionOf(row);
    if (!asked || row.status !== 'pending' || !mayStand(asked)) return false;
    for (const standing of await this.standing.inForce(asked.tool!)) {
      if (!standsFor(standing, asked)) continue;
      const may = await this.mayAuthor(standing, row);
      if (!may.allowed || !(await this.standing.use(standing.id))) continue;
      if (await this.decide(standing, row)) return true;
      await this.standing.giveBack(standing.id);
    }
    return false;
  }

  /** Whether the author might decide on it now. Of their token's claims nothing is known; of their roles, what is left. */
  private async mayAuthor(
    { created_by: sub, author_roles, privilege_level }: StandingApprovalEntity,
    row: ApprovalEntity,
  ): Promise<MayDecide> {
    const member = await this.members.known(sub);
    if (!member && (await this.tenants.get())?.members_complete) return { allowed: false, reason: 'role' };
    const roles = author_roles.filter((role) => member?.roles.includes(role) ?? true);
    const author = { sub, roles, privilege_level };
    return (await this.judge.of(author, row))(row);
  }

  /** @returns false where nobody could decide so, as once its time is over */
  private async decide(
    { id, created_by: actor, reason }: StandingApprovalEntity,
    row: ApprovalEntity,
  ): Promise<boolean> {
    const rule = `standing:${id}`;
    const decided = await this.approvals.decide({
      ...{ approval_id: row.id, actor, decision: 'approve', notes: reason },
      may: (locked) =>
        samePerson(locked.requested_by, actor) ? { allowed: false, reason: 'requester' } : { allowed: true, rule },
    });
    if (decided.kind !== 'decided') return false;
    await this.approvals.decidedByStanding(row.id, id);
    const told = { actor, decision: 'approve' as const, notes: reason, rule };
    await this.tell.decided(told, decided.approval);
    await this.tell.note(told, decided.approval, 'allowed', { standing_id: id });
    return true;
  }
}

const questionOf = (row: ApprovalEntity): StandingQuestion => ({
  tool: row.tool,
  workflow: row.workflow_name,
  node: row.node,
  arguments: row.arguments,
  privilege_level: row.privilege_level,
  approvals_required: row.approvals_required,
  rule: row.rule,
  edited: row.replaces !== null || row.edited_by.length > 0,
});
