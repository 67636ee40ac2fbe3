import { ROLES } from '../privilege/privilege-level.js';
import { personOf } from '../privilege/same-person.js';
import type { ApproverGroup } from './approval-rule.js';
import type { FulfillableAsked, PossibleDecider } from './fulfillable.js';

/** Who is known of a tenant. */
export interface PresentPeople {
  members: readonly PossibleDecider[];
  groups: readonly ApproverGroup[];
  /** the members are all there are; otherwise anybody else may come with a token */
  complete: boolean;
}

/**
 * Who could decide what is asked: the members, and where these are not all, whoever else is named, and as many strangers
 * of any role as it asks for. So only what nobody at all can fulfil is unfulfillable there.
 */
export function couldDecide(asked: FulfillableAsked, { members, groups, complete }: PresentPeople): PossibleDecider[] {
  if (complete) return [...members];
  const known = new Set(members.map(({ sub }) => personOf(sub)));
  const named = [...groups.flatMap((group) => group.members), ...(asked.left ?? []).map(({ to }) => to)];
  const wanted = asked.rule.stages.reduce((sum, one) => sum + one.approvals_required, 0);
  const strangers = Array.from({ length: wanted }, (_, n) => `\u0000${String(n)}`);
  const others = [...named.filter((sub) => !known.has(personOf(sub))), ...strangers];
  return [...members, ...others.map((sub) => ({ sub, roles: ROLES, privilege_level: 5 as const }))];
}
