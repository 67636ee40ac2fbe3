import { ESCALATION_POLICIES } from '../../approval/approval-rule.js';
import type { GateDefinition } from '../definition.js';
import type { Draft } from '../draft.js';
import { type FindingList, shown } from '../findings.js';

/** Members of a gate that say something only together, or not beside one another. */
export const checkGateShapes = (draft: Draft, findings: FindingList): void => {
  for (const [name, { value: gate, pointer }] of draft.gates) {
    if (gate === undefined) continue;
    const error = (member: keyof GateDefinition, message: string): void =>
      findings.error({
        rule: 'GATE_FORM',
        message: `gate ${shown(name)}: ${message}`,
        pointer: `${pointer}/${member}`,
      });
    checkWho(gate, error);
    checkTimes(gate, error);
    const { escalation_policy: policy } = gate;
    if (policy === undefined || (ESCALATION_POLICIES as readonly string[]).includes(policy)) continue;
    findings.warn({
      rule: 'UNKNOWN_ESCALATION',
      message: `gate ${shown(name)}: the escalation policy ${shown(policy)} is not known: the admins will be told`,
      pointer: `${pointer}/escalation_policy`,
      hint: `use one of ${ESCALATION_POLICIES.join(', ')}`,
    });
  }
};

type Report = (member: keyof GateDefinition, message: string) => void;

const checkWho = (gate: GateDefinition, error: Report): void => {
  if (gate.stages === undefined) return;
  for (const member of ['approvers', 'approvals_required'] as const) {
    if (gate[member] !== undefined) error(member, `${member} stands beside stages, of which each has its own`);
  }
};

const checkTimes = (gate: GateDefinition, error: Report): void => {
  const { approval_timeout_hours: timeout, escalation_hours, escalation_policy, escalate_to } = gate;
  const raised = gate.escalated_approvals_required;
  if (timeout !== undefined && escalation_hours !== undefined && escalation_hours >= timeout) {
    error('escalation_hours', 'it would escalate no earlier than its time is over');
  }
  if (escalation_policy === 'reassign' && escalate_to === undefined) {
    error('escalation_policy', 'reassign needs escalate_to: who may decide from then on');
  }
  if (escalate_to !== undefined && escalation_policy !== 'reassign') {
    error('escalate_to', 'it means something with the escalation policy reassign only');
  }
  if (escalation_policy === 'raise' && raised === undefined) {
    error('escalation_policy', 'raise needs escalated_approvals_required: how many must approve from then on');
  }
  if (raised === undefined) return;
  if (escalation_policy !== 'raise') {
    error('escalated_approvals_required', 'it means something with the escalation policy raise only');
  } else if (raised <= askedOf(gate)) {
    error('escalated_approvals_required', `it asks for no more than the ${String(askedOf(gate))} of before`);
  }
};

const askedOf = ({ stages, approvals_required = 1 }: GateDefinition): number =>
  stages?.reduce((sum, stage) => sum + (stage.approvals_required ?? 1), 0) ?? approvals_required;
