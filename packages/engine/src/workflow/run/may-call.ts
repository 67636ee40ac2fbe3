import { decidePrivilege, type PrivilegeLevel } from '@aumos/agf-domain/runtime';
import type { Visit } from './visit.js';

/** Nobody is asked about a call that will be denied: the dispatch denies it, and audits that. */
export function mayCall(visit: Visit, need: PrivilegeLevel): boolean {
  const { initiator_level, privilege_ceiling, settings } = visit.run.start;
  return decidePrivilege({
    token: initiator_level,
    cap: settings.max_privilege_level,
    need,
    ...(privilege_ceiling === undefined ? {} : { ceiling: privilege_ceiling }),
  }).allowed;
}
