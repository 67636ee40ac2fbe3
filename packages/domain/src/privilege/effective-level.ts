import { type PrivilegeLevel } from './privilege-level.js';

/** Where the level of a call comes from. What is absent does not limit. */
export interface PrivilegeSources {
  /** the verified token's */
  token: PrivilegeLevel;
  /** what the tenant granted for this tool or agent */
  grant?: PrivilegeLevel;
  agent?: PrivilegeLevel;
  /** the parent execution's effective level: a child never has more */
  ceiling?: PrivilegeLevel;
  /** the platform's */
  cap: PrivilegeLevel;
}

/** The lowest of all sources. */
export const effectiveLevel = ({ token, grant = 5, agent = 5, ceiling = 5, cap }: PrivilegeSources): PrivilegeLevel =>
  Math.min(token, grant, agent, ceiling, cap) as PrivilegeLevel;

export interface PrivilegeDecision {
  allowed: boolean;
  effective: PrivilegeLevel;
  need: PrivilegeLevel;
}

/** Whether a call that needs `need` may run. An approval never raises a level. */
export function decidePrivilege(sources: PrivilegeSources & { need: PrivilegeLevel }): PrivilegeDecision {
  const effective = effectiveLevel(sources);
  return { allowed: effective >= sources.need, effective, need: sources.need };
}
