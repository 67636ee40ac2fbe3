import { type GateDefinition, type WorkflowDefinition } from '../definition/definition.js';

/** The workflow's gate for all calls that name none. */
export const DEFAULT_GATE = 'default';
/** What holds a call of level >= 3 where nobody defined a gate. */
export const PLATFORM_GATE: GateDefinition = { gate_name: 'platform', trigger_condition: 'privilege_level >= 3' };

export interface ResolvedGate {
  name: string;
  definition: GateDefinition;
  /** the node itself names it */
  explicit: boolean;
}

/**
 * The gate of a node's calls: its own, else the workflow's `default`, else the platform's.
 * A name without a definition cannot be published; here it is an error, never an open gate.
 */
export function resolveGate(definition: WorkflowDefinition, nodeGate: string | undefined): ResolvedGate {
  const gates = definition.hitl_gates ?? {};
  const named = (name: string): GateDefinition | undefined => (Object.hasOwn(gates, name) ? gates[name] : undefined);
  if (nodeGate !== undefined) {
    const own = named(nodeGate);
    if (own === undefined) throw new Error(`the workflow ${definition.name} defines no gate '${nodeGate}'`);
    return { name: nodeGate, definition: own, explicit: true };
  }
  const common = named(DEFAULT_GATE);
  if (common) return { name: DEFAULT_GATE, definition: common, explicit: false };
  return { name: PLATFORM_GATE.gate_name, definition: PLATFORM_GATE, explicit: false };
}
