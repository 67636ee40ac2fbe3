import { mayDecide } from '../privilege/may-decide.js';
import { type PrivilegeLevel, type Role } from '../privilege/privilege-level.js';
import { personOf } from '../privilege/same-person.js';
import type { ApprovalRule, ApproverGroup, ApproverRef } from './approval-rule.js';
import { roleOfRef } from './approver-ref.js';
import { atLevel } from './deciders-of-stages.js';

export interface FulfillableAsked {
  rule: ApprovalRule;
  privilege_level: PrivilegeLevel;
  /** who decides nothing about it, whoever else they are */
  excluded: readonly string[];
  /** of the first stage: who left it to whom */
  left?: readonly { from: string; to: string }[];
}
export interface PossibleDecider {
  sub: string;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}
export type Fulfillable =
  | { fulfillable: true }
  /** the first stage, in their order, that lacks people, and how many */
  | { fulfillable: false; stage: string; missing: number };

/**
 * Whether enough of these people may decide for every stage to be reached: different ones, of whom nobody counts in two.
 * Claims are not known of people who are only listed: a group that has some counts as everybody whose role suffices.
 */
export function fulfillable(
  { rule, privilege_level, excluded, left = [] }: FulfillableAsked,
  people: { members: readonly PossibleDecider[]; groups: readonly ApproverGroup[] },
): Fulfillable {
  const deciders = people.members.filter(
    (member) =>
      mayDecide(member, member.privilege_level, { requested_by: '', edited_by: excluded, privilege_level }).allowed,
  );
  const groups = new Map(people.groups.map((group) => [group.name, group]));
  const places = new Places();
  for (const [at, { name, approvers, approvals_required }] of atLevel(rule.stages, privilege_level).entries()) {
    const isAsked = isOneOf(approvers, groups);
    const able = [
      ...new Set(deciders.filter(at === 0 ? orLeft(isAsked, left) : isAsked).map(({ sub }) => personOf(sub))),
    ];
    for (let filled = 0; filled < approvals_required; filled++)
      if (!places.fill(able)) return { fulfillable: false, stage: name, missing: approvals_required - filled };
  }
  return { fulfillable: true };
}

/** Whether somebody may decide in a stage of these approvers. */
function isOneOf(
  approvers: readonly ApproverRef[],
  groups: ReadonlyMap<string, ApproverGroup>,
): (decider: PossibleDecider) => boolean {
  if (approvers.length === 0) return () => true;
  const roles = new Set<string>();
  const persons = new Set<string>();
  for (const ref of approvers) {
    const role = roleOfRef(ref);
    if (role !== null) roles.add(role);
    const group = groups.get(ref);
    if (group && group.claims.length > 0) return () => true;
    for (const role of group?.roles ?? []) roles.add(role);
    for (const sub of group?.members ?? []) persons.add(personOf(sub));
  }
  return ({ sub, roles: own }) => persons.has(personOf(sub)) || own.some((role) => roles.has(role));
}

/** Whoever left it to another does not decide as well; the other does. */
function orLeft(
  isAsked: (decider: PossibleDecider) => boolean,
  left: NonNullable<FulfillableAsked['left']>,
): (decider: PossibleDecider) => boolean {
  const from = new Set(left.map((one) => personOf(one.from)));
  const to = new Set(left.map((one) => personOf(one.to)));
  return (decider) => {
    const person = personOf(decider.sub);
    return !from.has(person) && (to.has(person) || isAsked(decider));
  };
}

/** Places, and who takes which: each person one. Whoever took one makes way where another is left for them. */
class Places {
  /** by place, who could take it */
  private readonly able: (readonly string[])[] = [];
  private readonly placeOf = new Map<string, number>();

  /** One place more, which one of these must take. @returns whether every place is taken still */
  fill(able: readonly string[]): boolean {
    this.able.push(able);
    return this.take(this.able.length - 1, new Set());
  }

  private take(place: number, asked: Set<string>): boolean {
    for (const person of this.able[place] ?? []) {
      if (asked.has(person)) continue;
      asked.add(person);
      const other = this.placeOf.get(person);
      if (other !== undefined && !this.take(other, asked)) continue;
      this.placeOf.set(person, place);
      return true;
    }
    return false;
  }
}
