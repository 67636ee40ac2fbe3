import { type Actor } from '../privilege/privilege-level.js';
import { samePerson } from '../privilege/same-person.js';
import { type ApproverGroup, type ApproverRef } from './approval-rule.js';

/** A group's name: without the colon that tells a role from it. */
export const GROUP_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

const ROLE_REF = 'role:';

/** What the verified token says beside what the platform reads itself, by the claim's name. */
export type Claims = Readonly<Record<string, readonly string[]>>;

/** Who decides, as far as groups ask. */
export type Approver = Pick<Actor, 'sub' | 'roles'> & { claims?: Claims };

/** Whether somebody is of a group: by name, by a role, or by a claim of their token. */
export const isOfGroup = ({ sub, roles, claims = {} }: Approver, group: Omit<ApproverGroup, 'name'>): boolean =>
  group.members.some((member) => samePerson(member, sub)) ||
  group.roles.some((role) => roles.includes(role)) ||
  group.claims.some(({ claim, value }) => Object.hasOwn(claims, claim) && claims[claim]!.includes(value));

/** What a reference to a role names, whether there is such a role or not; null: it names a group. */
export const roleOfRef = (ref: ApproverRef): string | null =>
  ref.startsWith(ROLE_REF) ? ref.slice(ROLE_REF.length) : null;

/** Names of groups among the references. */
export const groupNames = (refs: readonly ApproverRef[]): string[] => refs.filter((ref) => roleOfRef(ref) === null);

/** The first reference that means the actor, as a decision's record names it; null where none does. */
export function refOf(
  actor: Approver,
  refs: readonly ApproverRef[],
  groups: readonly ApproverGroup[],
): `role:${string}` | `group:${string}` | null {
  for (const ref of refs) {
    const named = roleOfRef(ref);
    if (named !== null) {
      if (actor.roles.some((role) => role === named)) return `role:${named}`;
      continue;
    }
    const group = groups.find(({ name }) => name === ref);
    if (group && isOfGroup(actor, group)) return `group:${ref}`;
  }
  return null;
}
