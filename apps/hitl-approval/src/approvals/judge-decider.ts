import {
  type Actor,
  type Approver,
  type ApproverRef,
  effectiveLevel,
  type MayDecide,
  mayDecide,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { type ApprovalEntity, ApproverGroupsRepository, MembersRepository } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';

export type Judge = (row: ApprovalEntity) => MayDecide;

/** Whether somebody may decide, by what the tenant granted and its groups as they are now. Needs an open tenant scope. */
@Injectable()
export class JudgeDecider {
  constructor(
    private readonly members: MembersRepository,
    private readonly groups: ApproverGroupsRepository,
    @Inject(SETTINGS) private readonly settings: ApprovalSettings,
  ) {}

  /** @param found the approval, whose people are looked up: what it asks of whom later is judged by the same */
  async of(actor: Approver & Pick<Actor, 'privilege_level'>, found: ApprovalEntity): Promise<Judge> {
    const level = await this.levelOf(actor);
    const groups = await this.groups.named(refsOf(found));
    return (row) => mayDecide(actor, level, row, groups);
  }

  /** As for who starts an execution: a token that says more than the tenant granted does not count for more. */
  async levelOf({ sub, privilege_level: token }: Pick<Actor, 'sub' | 'privilege_level'>): Promise<PrivilegeLevel> {
    const member = await this.members.granted(sub);
    const cap = this.settings.agentMaxPrivilegeLevel as PrivilegeLevel;
    return effectiveLevel({ token, ...(member ? { grant: member.privilege_level } : {}), cap });
  }
}

const refsOf = ({ rule, extra_approvers }: ApprovalEntity): ApproverRef[] => [
  ...new Set([...(rule?.stages.flatMap(({ approvers }) => approvers) ?? []), ...extra_approvers]),
];
