import type { ApprovalRule, ApproverRef } from '../../approval/approval-rule.js';
import { groupNames, roleOfRef } from '../../approval/approver-ref.js';
import { fulfillable, type Fulfillable } from '../../approval/fulfillable.js';
import { approvalRule } from '../../approval/make-approval-rule.js';
import { PLATFORM_GATE } from '../../gate/resolve-gate.js';
import { levelToDecide, mayDecide } from '../../privilege/may-decide.js';
import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { DefinitionCatalog, MemberInfo } from '../catalog.js';
import type { GateDefinition } from '../definition.js';
import { shown } from '../findings.js';
import type { CheckContext } from './context.js';
import { callsAndUndoing, RISKY } from './needs.js';

/** Different rules that are looked at: a definition that has more is checked as far as these go. */
const MOST_RULES = 200;

/**
 * An approval that nobody can give: too few members with the role and the level, or of a stage's approvers.
 * An error where the list of members is complete; otherwise others may exist, so a warning.
 */
export const checkDeciders = ({ draft, catalog, findings }: CheckContext): void => {
  checkGroups({ draft, catalog, findings });
  const { members } = catalog;
  if (members === undefined) return;
  const answerTo = answering(catalog, members.list);
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const needs = callsAndUndoing(node, catalog).map(({ need }) => need);
    const need = Math.max(node.type === 'gate' ? (node.privilege_level ?? 1) : 0, ...needs) as PrivilegeLevel | 0;
    if (need === 0 || (need < RISKY && node.gate === undefined)) continue;
    const gate = draft.gates.get(node.gate ?? 'default')?.value ?? PLATFORM_GATE;
    const answer = answerTo(gate, need);
    if (answer.fulfillable) continue;
    const who = `${String(answer.missing)} more members of level ${String(levelToDecide(need))} who can decide`;
    const message = `${node.id} needs ${who} in the stage ${shown(answer.stage)} of its gate ${shown(gate.gate_name)}`;
    const hint = 'add members who can decide, or let others decide';
    const finding = { rule: 'GATE_UNFULFILLABLE', message, node: node.id, pointer, hint };
    if (members.complete) findings.error(finding);
    else findings.warn(finding);
  }
};

/** Each rule and level is asked once, however many nodes have it. */
const answering = (catalog: DefinitionCatalog, list: readonly MemberInfo[]) => {
  const able = new Map<PrivilegeLevel, readonly MemberInfo[]>();
  const known = new Map<string, Fulfillable>();
  const ableAt = (privilege_level: PrivilegeLevel): readonly MemberInfo[] => {
    const asked = { requested_by: '', privilege_level };
    const found = able.get(privilege_level) ?? list.filter((one) => mayDecide(one, one.privilege_level, asked).allowed);
    able.set(privilege_level, found);
    return found;
  };
  return (gate: GateDefinition, need: PrivilegeLevel): Fulfillable => {
    const rule = judged(approvalRule(gate, need), catalog);
    const publisher = rule.separation_of_duties.includes('publisher') ? catalog.publisher : undefined;
    const key = JSON.stringify([need, rule.stages, publisher !== undefined]);
    const before = known.get(key);
    if (before !== undefined || known.size >= MOST_RULES) return before ?? { fulfillable: true };
    const excluded = publisher === undefined ? [] : [publisher];
    const people = { members: ableAt(need), groups: catalog.groups ?? [] };
    const answer = fulfillable({ rule, privilege_level: need, excluded }, people);
    known.set(key, answer);
    return answer;
  };
};

/** Where groups are not known here, one may be anybody. */
const judged = (rule: ApprovalRule, { groups }: DefinitionCatalog): ApprovalRule =>
  groups !== undefined
    ? rule
    : {
        ...rule,
        stages: rule.stages.map((stage) =>
          groupNames(stage.approvers).length === 0 ? stage : { ...stage, approvers: [] },
        ),
      };

/** Groups that the tenant does not have. */
const checkGroups = ({ draft, catalog, findings }: Pick<CheckContext, 'draft' | 'catalog' | 'findings'>): void => {
  if (catalog.groups === undefined) return;
  const names = new Set(catalog.groups.map(({ name }) => name));
  for (const { value: gate, pointer } of draft.gates.values()) {
    if (gate === undefined) continue;
    for (const [at, ref] of refsOf(gate)) {
      if (roleOfRef(ref) !== null || names.has(ref)) continue;
      const message = `there is no group of approvers ${shown(ref)}`;
      const hint = 'correct the name, or make the group first';
      findings.error({ rule: 'UNKNOWN_GROUP', message, pointer: `${pointer}/${at}`, hint });
    }
  }
};

const refsOf = ({ approvers, stages = [], escalate_to }: GateDefinition): [at: string, ref: ApproverRef][] => {
  const under = (at: string, refs: readonly ApproverRef[] = []): [string, ApproverRef][] =>
    refs.map((ref, index) => [`${at}/${String(index)}`, ref]);
  return [
    ...under('approvers', approvers),
    ...stages.flatMap((stage, index) => under(`stages/${String(index)}/approvers`, stage.approvers)),
    ...under('escalate_to', escalate_to),
  ];
};
