import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { MemberInfo } from '../catalog.js';
import type { CheckContext } from './context.js';
import { callsAndUndoing, RISKY } from './needs.js';

/**
 * An approval that nobody can give: too few members with the role and the level.
 * An error where the list of members is complete; otherwise others may exist, so a warning.
 */
export const checkDeciders = ({ draft, catalog, findings }: CheckContext): void => {
  const { members } = catalog;
  if (members === undefined) return;
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const needs = callsAndUndoing(node, catalog).map(({ need }) => need);
    const need = Math.max(node.type === 'gate' ? (node.privilege_level ?? 1) : 0, ...needs) as PrivilegeLevel | 0;
    if (need === 0 || (need < RISKY && node.gate === undefined)) continue;
    const wanted = approvalsFor(need, draft.gates.get(node.gate ?? 'default')?.value?.approvals_required);
    const able = members.list.filter((member) => canDecide(member, need)).length;
    if (able >= wanted) continue;
    const message = `${node.id} needs ${wanted} approvals of level ${Math.min(need, 4)}, ${able} members can give one`;
    const finding = { rule: 'GATE_UNFULFILLABLE', message, node: node.id, pointer, hint: 'add members who can decide' };
    if (members.complete) findings.error(finding);
    else findings.warn(finding);
  }
};

const approvalsFor = (need: PrivilegeLevel, required = 1): number => Math.max(required, need === 5 ? 2 : 1);

const canDecide = ({ roles, privilege_level }: MemberInfo, need: PrivilegeLevel): boolean =>
  (roles.includes('approver') || roles.includes('admin')) && privilege_level >= Math.min(need, 4);
