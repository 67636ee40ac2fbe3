import { type ApprovalRule, type ApproverGroup, type ApproverRef } from '../approval/approval-rule.js';
import { type Approver, refOf } from '../approval/approver-ref.js';
import { type PrivilegeLevel } from './privilege-level.js';
import { samePerson } from './same-person.js';

/** Level 4 suffices for any approval: a call of level 5 asks for two deciders instead of a higher one. */
const ENOUGH_TO_DECIDE = 4;
/** The level that a decider must have. */
export const levelToDecide = (need: PrivilegeLevel): PrivilegeLevel =>
  Math.min(need, ENOUGH_TO_DECIDE) as PrivilegeLevel;

/** Why somebody does not decide. `approvers`: the stage asks others. `delegated`: they left it to somebody else. */
export type MayNotDecide = 'requester' | 'editor' | 'excluded' | 'role' | 'level' | 'delegated' | 'approvers';

export type MayDecide =
  /** `rule`: `role:<role>`, `group:<name>`, `delegated:<sub>` */
  { allowed: true; rule: string } | { allowed: false; reason: MayNotDecide };

/** What is to be decided, as far as it says who decides. */
export interface ToDecide {
  requested_by: string;
  edited_by?: readonly string[];
  /** by separation of duties */
  excluded?: readonly string[];
  privilege_level: PrivilegeLevel;
  /** absent or null: whoever may decide at all */
  rule?: Pick<ApprovalRule, 'stages'> | null;
  /** of the rule's, the one that is asked; default the first */
  stage?: number;
  /** since it was escalated */
  extra_approvers?: readonly ApproverRef[];
  /** each counts in the stage in which it was made */
  delegations?: readonly { from: string; to: string; stage?: number }[];
}

/**
 * Who may decide: role approver or admin, level >= min(need, 4), never who asked for it or wrote it by an edit, or whom
 * separation of duties keeps out. Where the stage names approvers, one of these, or to whom one of these left it; who
 * left it to another does not decide as well.
 * @param level what counts of the actor's level, see {@link effectiveLevel}: the token alone may say too much
 * @param groups those that the approval names, at least
 * Source: the definition language, "Gates".
 */
export function mayDecide(
  actor: Approver,
  level: PrivilegeLevel,
  approval: ToDecide,
  groups: readonly ApproverGroup[] = [],
): MayDecide {
  const { sub, roles } = actor;
  const isActor = (other: string): boolean => samePerson(sub, other);
  if (isActor(approval.requested_by)) return { allowed: false, reason: 'requester' };
  if (approval.edited_by?.some(isActor)) return { allowed: false, reason: 'editor' };
  if (approval.excluded?.some(isActor)) return { allowed: false, reason: 'excluded' };
  const role = (['approver', 'admin'] as const).find((one) => roles.includes(one));
  if (role === undefined) return { allowed: false, reason: 'role' };
  if (level < levelToDecide(approval.privilege_level)) return { allowed: false, reason: 'level' };
  const left = delegationsNow(approval);
  if (left.some(({ from }) => isActor(from))) return { allowed: false, reason: 'delegated' };
  const approvers = approversNow(approval);
  const rule = approvers.length === 0 ? `role:${role}` : refOf(actor, approvers, groups);
  if (rule !== null) return { allowed: true, rule };
  const from = left.find(({ to }) => isActor(to))?.from;
  return from === undefined ? { allowed: false, reason: 'approvers' } : { allowed: true, rule: `delegated:${from}` };
}

/** Whom the stage asks that is asked now; empty: whoever may decide at all. */
export function approversNow({ rule, stage = 0, extra_approvers = [] }: ToDecide): ApproverRef[] {
  const named = rule?.stages[stage]?.approvers ?? [];
  return named.length === 0 ? [] : [...named, ...extra_approvers];
}

const delegationsNow = ({ delegations = [], stage = 0 }: ToDecide) =>
  delegations.filter((one) => (one.stage ?? 0) === stage);
