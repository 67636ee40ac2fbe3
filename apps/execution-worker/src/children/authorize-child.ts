import { approvalPayloadHash, evaluateGate } from '@aumos/agf-domain';
import type { ChildCall } from '@aumos/agf-engine/common';

/** Whether people must have been asked; `payload_hash` is of exactly what would be done now. */
export type ChildAuthorization =
  { kind: 'allowed' } | { kind: 'approval_needed'; approval_id: string | null; payload_hash: string | null };

/** From here on a call meets a gate, whatever its node says. */
const GATED_FROM = 3;

/** Computed where the child is started, so that no edge, retry or resume goes round it. Pure. */
export function authorizeChild(call: ChildCall): ChildAuthorization {
  if (!approvalRequired(call)) return { kind: 'allowed' };
  const approval = call.gate?.approval;
  return {
    kind: 'approval_needed',
    approval_id: approval?.approval_id ?? null,
    payload_hash: approval ? hashOf(call, approval.expires_at) : null,
  };
}

function approvalRequired({ gate, need, input, node }: ChildCall): boolean {
  if (!gate) return need >= GATED_FROM;
  const scope = { ...gate.scope, privilege_level: need, agent: null, tool: null, arguments: input, node };
  return evaluateGate({ gate: gate.definition, explicit: gate.explicit, need, scope }).required;
}

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
