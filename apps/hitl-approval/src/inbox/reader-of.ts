import {
  approversNow,
  type ApproverGroup,
  type MayDecide,
  mayDecide,
  type PrivilegeLevel,
  refOf,
  samePerson,
} from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalInboxRepository,
  ApproverGroupsRepository,
  type AskedOf,
  type InboxReader,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { ApprovalActor } from '../approvals/act-on-approval.js';
import { JudgeDecider } from '../approvals/judge-decider.js';
import type { CallerView } from './inbox.view.js';

/** Somebody before the inbox: what the database finds for them, and what they may do with each of it. */
export interface Reader extends InboxReader {
  /** whom stages of pending approvals ask, the reader or not */
  askedOf: AskedOf[];
  may: (row: ApprovalEntity) => CallerView;
}

/** Who reads the inbox, by what the tenant granted and its groups as they are now. Needs an open tenant scope. */
@Injectable()
export class ReaderOf {
  constructor(
    private readonly inbox: ApprovalInboxRepository,
    private readonly groups: ApproverGroupsRepository,
    private readonly judge: JudgeDecider,
  ) {}

  async run(actor: ApprovalActor): Promise<Reader> {
    const askedOf = await this.inbox.asked();
    const groups = await this.groups.named([...new Set(askedOf.flatMap(({ refs }) => refs))]);
    const level = await this.judge.levelOf(actor);
    const isDecider = actor.roles.some((role) => role === 'approver' || role === 'admin');
    const asksThem = ({ refs }: AskedOf): boolean => refs.length === 0 || refOf(actor, refs, groups) !== null;
    return {
      sub: actor.sub,
      level: isDecider ? level : null,
      asked: askedOf.filter(asksThem).map(({ key }) => key),
      askedOf,
      may: (row) => callerView(actor, level, row, groups),
    };
  }

  /** What they may do with these: whatever else is pending is not looked at. */
  async of(actor: ApprovalActor, rows: readonly ApprovalEntity[]): Promise<Reader['may']> {
    const groups = await this.groups.named([...new Set(rows.flatMap(approversNow))]);
    const level = await this.judge.levelOf(actor);
    return (row) => callerView(actor, level, row, groups);
  }
}

function callerView(
  actor: ApprovalActor,
  level: PrivilegeLevel,
  row: ApprovalEntity,
  groups: readonly ApproverGroup[],
): CallerView {
  const may: MayDecide = mayDecide(actor, level, row, groups);
  if (!may.allowed) return { may_decide: false, reason: may.reason };
  if (row.voters.some((voter) => samePerson(voter, actor.sub))) return { may_decide: false, reason: 'decided' };
  if (row.auto_reject_on_timeout && row.expires_at <= new Date()) return { may_decide: false, reason: 'expired' };
  return { may_decide: true, rule: may.rule };
}
