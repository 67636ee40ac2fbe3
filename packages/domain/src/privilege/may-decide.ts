import { type Actor, type PrivilegeLevel } from './privilege-level.js';
import { samePerson } from './same-person.js';

/** Level 4 suffices for any approval: a call of level 5 asks for two deciders instead of a higher one. */
const ENOUGH_TO_DECIDE = 4;

export type MayDecide = { allowed: true } | { allowed: false; reason: 'requester' | 'editor' | 'role' | 'level' };

/**
 * Who may decide: role approver or admin, level >= min(need, 4), never who asked for it or wrote it by an edit.
 * @param level what counts of the actor's level, see {@link effectiveLevel}: the token alone may say too much
 * Source: the definition language, "Gates".
 */
export function mayDecide(
  actor: Pick<Actor, 'sub' | 'roles'>,
  level: PrivilegeLevel,
  approval: { requested_by: string; edited_by?: readonly string[]; privilege_level: PrivilegeLevel },
): MayDecide {
  const { sub, roles } = actor;
  if (samePerson(sub, approval.requested_by)) return { allowed: false, reason: 'requester' };
  if (approval.edited_by?.some((editor) => samePerson(sub, editor))) return { allowed: false, reason: 'editor' };
  if (!roles.some((role) => role === 'approver' || role === 'admin')) return { allowed: false, reason: 'role' };
  if (level < Math.min(approval.privilege_level, ENOUGH_TO_DECIDE)) return { allowed: false, reason: 'level' };
  return { allowed: true };
}
