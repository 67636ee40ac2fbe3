import type { GateDefinition, GateStage } from '../definition/definition.js';
import type { GatePolicy } from '../gate/gate-policy.js';
import { atLeast, atLevel } from './deciders-of-stages.js';
import type { PrivilegeLevel } from '../privilege/privilege-level.js';
import {
  type ApprovalRule,
  type ApprovalStage,
  type ApprovalTimes,
  type ApproverRef,
  ESCALATION_POLICIES,
  type EscalationPolicy,
} from './approval-rule.js';

/** Above it no standing approval stands in for them. */
const STANDING_UP_TO: PrivilegeLevel = 3;

/**
 * Who must agree on a call of this level. What policies ask for comes on top of the gate: approvers where it lets anybody
 * decide, stages after its own, a larger number. Level 5 has two deciders whatever both say.
 * @param policies those that hold the call
 */
export function approvalRule(
  gate: GateDefinition,
  need: PrivilegeLevel,
  policies: readonly GatePolicy[] = [],
): ApprovalRule {
  let stages = stagesOf(gate.gate_name, gate);
  // Of the gate alone: a stage that a policy adds stands in for none of those whom the gate asks.
  stages = atLevel(stages, need);
  for (const policy of policies) stages = stricter(stages, policy);
  const { separation_of_duties = [], allow_standing = true } = gate;
  const standing = [allow_standing, ...policies.map((policy) => policy.allow_standing ?? true)];
  return {
    stages,
    separation_of_duties: [...separation_of_duties],
    standing_allowed: need <= STANDING_UP_TO && standing.every(Boolean),
    policies: policies.map(({ name }) => name),
  };
}

type Staged = Pick<GateDefinition, 'stages' | 'approvers' | 'approvals_required'>;

const stagesOf = (name: string, { stages, approvers, approvals_required }: Staged): ApprovalStage[] =>
  stages !== undefined && stages.length > 0
    ? stages.map(stageOf)
    : [stageOf({ name, ...(approvers && { approvers }), ...(approvals_required && { approvals_required }) })];

const stageOf = ({ name, approvers = [], approvals_required = 1 }: GateStage): ApprovalStage => ({
  name,
  approvers: [...approvers],
  approvals_required: Math.max(1, Math.trunc(approvals_required)),
});

function stricter(before: readonly ApprovalStage[], policy: GatePolicy): ApprovalStage[] {
  let stages = [...before];
  if (policy.stages !== undefined || policy.approvers !== undefined)
    for (const stage of stagesOf(policy.name, policy)) stages = withStage(stages, stage);
  return policy.approvals_required === undefined ? stages : atLeast(stages, policy.approvals_required);
}

/** A stage of the same approvers grows; one of anybody, where there is no other, becomes theirs; else theirs is one more. */
function withStage(stages: readonly ApprovalStage[], stage: ApprovalStage): ApprovalStage[] {
  const grown = (one: ApprovalStage): ApprovalStage => ({
    ...one,
    approvals_required: Math.max(one.approvals_required, stage.approvals_required),
  });
  const same = stages.findIndex(({ approvers }) => areSame(approvers, stage.approvers));
  if (same >= 0) return stages.map((one, at) => (at === same ? grown(one) : one));
  const [first] = stages;
  if (stages.length === 1 && first?.approvers.length === 0) return [{ ...grown(first), approvers: stage.approvers }];
  return [...stages, stage];
}

const areSame = (one: readonly ApproverRef[], other: readonly ApproverRef[]): boolean =>
  one.length === other.length && one.every((ref) => other.includes(ref));

/** When what happens to its approval. @param policies those that hold the call: none gives it more time */
export function approvalTimes(
  gate: GateDefinition,
  policies: readonly GatePolicy[],
  platform: { approval_timeout_hours: number; auto_reject_on_timeout: boolean },
): ApprovalTimes {
  const limits = policies.flatMap(({ max_timeout_hours }) => max_timeout_hours ?? []);
  const timeout_hours = Math.min(gate.approval_timeout_hours ?? platform.approval_timeout_hours, ...limits);
  const { reminder_hours, escalation_hours, escalate_to, escalated_approvals_required, business_hours } = gate;
  const escalates = escalation_hours !== undefined && escalation_hours < timeout_hours;
  return {
    timeout_hours,
    auto_reject: gate.auto_reject_on_timeout ?? platform.auto_reject_on_timeout,
    escalation_policy: escalationOf(gate.escalation_policy),
    ...(reminder_hours === undefined ? {} : { reminder_hours }),
    ...(escalates ? { escalation_hours } : {}),
    ...(escalate_to === undefined ? {} : { escalate_to }),
    ...(escalated_approvals_required === undefined ? {} : { escalated_approvals_required }),
    ...(business_hours === undefined ? {} : { business_hours }),
  };
}

/** A word that is none of them tells the admins. */
const escalationOf = (word: string | undefined): EscalationPolicy =>
  ESCALATION_POLICIES.find((policy) => policy === word) ?? 'notify_admin';
