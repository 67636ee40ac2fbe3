import {
  approvalPayloadHash,
  evaluateGate,
  type GatePolicy,
  policiesBeyond,
  policiesOf,
  type Scope,
} from '@aumos/agf-domain';
import type { ChildCall } from '@aumos/agf-engine/common';

/** Whether people must have been asked; `payload_hash` is of exactly what would be done now. */
export type ChildAuthorization =
  | { kind: 'allowed' }
  /** policies of the tenant hold it under which nobody was asked */
  | { kind: 'policies_changed'; policies: GatePolicy[] }
  | { kind: 'approval_needed'; approval_id: string | null; payload_hash: string | null };

/** From here on a call meets a gate, whatever its node says. */
const GATED_FROM = 3;

/** Computed where the child is started, so that no edge, retry or resume goes round it. Pure. */
export function authorizeChild(call: ChildCall, policies: readonly GatePolicy[] = []): ChildAuthorization {
  const approval = call.gate?.approval;
  const beyond = policiesBeyond(policiesOf(policies, seenBy(call)), approval?.policies);
  if (beyond.length > 0) return { kind: 'policies_changed', policies: beyond };
  if (!approvalRequired(call)) return { kind: 'allowed' };
  return {
    kind: 'approval_needed',
    approval_id: approval?.approval_id ?? null,
    payload_hash: approval ? hashOf(call, approval.expires_at) : null,
  };
}

function approvalRequired(call: ChildCall): boolean {
  const { gate, need } = call;
  // What people decided on is bound to their decision.
  if (gate?.approval) return true;
  if (!gate) return need >= GATED_FROM;
  return evaluateGate({ gate: gate.definition, explicit: gate.explicit, need, scope: seenBy(call) }).required;
}

/** What conditions see of the call. */
const seenBy = ({ gate, need, input, node, ref }: ChildCall): Scope => ({
  ...gate?.scope,
  privilege_level: need,
  agent: null,
  tool: null,
  arguments: input,
  node,
  workflow: ref.workflow_name,
});

const hashOf = ({ ref, node, visit, gate, input, need }: ChildCall, expires_at: string): string =>
  approvalPayloadHash({
    tenant_id: ref.tenant_id,
    execution_id: ref.execution_id,
    node,
    visit,
    gate_name: gate?.gate_name ?? '',
    tool: null,
    tool_version: null,
    arguments: input,
    privilege_level: need,
    expires_at,
  });
