import { evaluateGate } from '../../gate/evaluate-gate.js';
import { DEFAULT_GATE, PLATFORM_GATE } from '../../gate/resolve-gate.js';
import type { GateDefinition, NodeDefinition } from '../definition.js';
import type { Draft } from '../draft.js';
import type { Call } from '../checks/needs.js';

/** The gate a call itself meets, as far as it can be told without its state and input. */
export interface OwnGate {
  /** the node names it, the workflow's for all, or what holds where nobody defined one */
  kind: 'node' | 'default' | 'platform';
  name: string;
  /** whether it asks for this call: whatever the state, by the state, or never */
  asks: 'always' | 'depends' | 'never';
  /** different deciders, where it asks */
  approvals_required: number;
}

export const ownGateOf = (gates: Draft['gates'], node: NodeDefinition, call: Call): OwnGate => {
  const named = gates.get(node.gate ?? DEFAULT_GATE)?.value;
  const gate = named ?? PLATFORM_GATE;
  const explicit = named !== undefined && node.gate !== undefined;
  const kind = named === undefined ? 'platform' : explicit ? 'node' : 'default';
  // The level alone decides how many must agree, and from level 4 on also that they are asked.
  const unconditional = evaluateGate({
    gate: { ...gate, trigger_condition: 'false' },
    explicit,
    need: call.need,
    scope: {},
  });
  const asks = unconditional.required ? 'always' : asksAtLevel(gate, explicit, call, node);
  return { kind, name: gate.gate_name, asks, approvals_required: unconditional.approvals_required };
};

const asksAtLevel = (
  gate: GateDefinition,
  explicit: boolean,
  { need, callee }: Call,
  node: NodeDefinition,
): OwnGate['asks'] => {
  if (/\b(?:state|input|arguments|agent)\b/.test(gate.trigger_condition ?? '')) return 'depends';
  try {
    const scope = { privilege_level: need, tool: callee, node: node.id };
    return evaluateGate({ gate, explicit, need, scope }).required ? 'always' : 'never';
  } catch {
    return 'depends';
  }
};
