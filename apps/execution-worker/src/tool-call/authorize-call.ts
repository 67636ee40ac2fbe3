import {
  approvalPayloadHash,
  decidePrivilege,
  evaluateGate,
  forcesApproval,
  type GatePolicy,
  policiesBeyond,
  policiesOf,
  type PrivilegeLevel,
  type Scope,
} from '@aumos/agf-domain';
import type { Callee, GuardedCall } from './guarded-call.js';

/** What stands between a call and its callee, computed from the call alone. */
export type Authorization =
  | { kind: 'allowed'; need: PrivilegeLevel }
  | { kind: 'denied'; need: PrivilegeLevel; effective: PrivilegeLevel }
  /** policies of the tenant hold it under which nobody was asked */
  | { kind: 'policies_changed'; need: PrivilegeLevel; policies: GatePolicy[] }
  /** the gate asks for an approval; `payload_hash` is of exactly what would be done now */
  | { kind: 'approval_needed'; need: PrivilegeLevel; approval_id: string | null; payload_hash: string | null };

/**
 * Computed where the call is dispatched, so that no edge, retry or resume goes round it. A tool's own level counts as
 * it is now: it may have been raised since the version was published. So do the tenant's policies.
 */
export function authorizeCall(call: GuardedCall, callee: Callee, policies: readonly GatePolicy[] = []): Authorization {
  const need = Math.max(call.need, callee.min_privilege_level) as PrivilegeLevel;
  const decision = decidePrivilege({
    token: call.initiator_level,
    ...(call.privilege_ceiling === undefined ? {} : { ceiling: call.privilege_ceiling }),
    cap: call.max_privilege_level,
    ...(call.agent === undefined ? {} : { agent: call.agent.privilege_level }),
    need,
  });
  if (!decision.allowed) return { kind: 'denied', need, effective: decision.effective };
  const approval = call.gate?.approval;
  const holding = policiesOf(policies, seenBy(call, callee, need));
  const beyond = policiesBeyond(holding, approval?.policies);
  if (beyond.length > 0) return { kind: 'policies_changed', need, policies: beyond };
  if (!approvalRequired(call, callee, need)) return { kind: 'allowed', need };
  return {
    kind: 'approval_needed',
    need,
    approval_id: approval?.approval_id ?? null,
    payload_hash: approval ? hashOf(call, callee, need, approval.expires_at) : null,
  };
}

function approvalRequired(call: GuardedCall, callee: Callee, need: PrivilegeLevel): boolean {
  const always = forcesApproval(call.agent, need);
  // What people decided on is bound to their decision, also where its edited arguments would not have met the gate.
  if (call.gate?.approval) return true;
  if (!call.gate) return always || need >= 3;
  const { required } = evaluateGate({
    gate: call.gate.definition,
    explicit: call.gate.explicit,
    always,
    need,
    scope: seenBy(call, callee, need),
  });
  return required;
}

/** What conditions see of the call. */
const seenBy = (call: GuardedCall, callee: Callee, need: PrivilegeLevel): Scope => ({
  ...call.gate?.scope,
  privilege_level: need,
  agent: call.agent?.name ?? null,
  tool: callee.name,
  arguments: call.arguments,
  node: call.agent?.node ?? call.node,
  workflow: call.ref.workflow_name,
});

const hashOf = (call: GuardedCall, callee: Callee, need: PrivilegeLevel, expiresAt: string): string =>
  approvalPayloadHash({
    tenant_id: call.ref.tenant_id,
    execution_id: call.ref.execution_id,
    node: call.node,
    visit: call.visit,
    gate_name: call.gate?.gate_name ?? '',
    tool: callee.name,
    tool_version: callee.version,
    arguments: call.arguments,
    privilege_level: need,
    expires_at: expiresAt,
  });
