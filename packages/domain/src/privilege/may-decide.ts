import { type Actor, type PrivilegeLevel } from './privilege-level.js';

/** Level 4 suffices for any approval: a call of level 5 asks for two deciders instead of a higher one. */
const ENOUGH_TO_DECIDE = 4;

export type MayDecide = { allowed: true } | { allowed: false; reason: 'requester' | 'role' | 'level' };

/**
 * Who may approve or reject: role approver or admin, level >= min(need, 4), never who asked for it.
 * Source: the definition language, "Gates".
 */
export function mayDecide(
  actor: Actor,
  approval: { requested_by: string; privilege_level: PrivilegeLevel },
): MayDecide {
  if (actor.sub === approval.requested_by) return { allowed: false, reason: 'requester' };
  if (!actor.roles.some((role) => role === 'approver' || role === 'admin')) return { allowed: false, reason: 'role' };
  if (actor.privilege_level < Math.min(approval.privilege_level, ENOUGH_TO_DECIDE))
    return { allowed: false, reason: 'level' };
  return { allowed: true };
}
