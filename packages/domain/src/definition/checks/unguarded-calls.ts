import { evaluateGate } from '../../gate/evaluate-gate.js';
import type { GateDefinition, NodeDefinition } from '../definition.js';
import { pathTo, type Reached, reachFromStart } from '../graph/reach.js';
import type { CheckContext } from './context.js';
import { type Call, callsOf, RISKY } from './needs.js';

/**
 * For each call of level ≥ 3: its own gate, the workflow's default one, an approval that every way passes,
 * or the way without. A gate node is passed by its normal edges only: rejection and expiry take the others.
 */
export const warnOfUnguardedCalls = (context: CheckContext): void => {
  const { draft, catalog, flow, findings } = context;
  let without: Reached | undefined;
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const call = callsOf(node, catalog).find(({ need }) => need >= RISKY);
    if (call === undefined) continue;
    const gate = draft.gates.get(node.gate ?? 'default')?.value;
    if (gate !== undefined && mayAsk(gate, call, node)) continue;
    without ??= reachFromStart(flow, (id) => flow.nodes.get(id)?.type !== 'gate');
    if (!without.has(node.id)) continue;
    const why =
      gate === undefined ? 'the default gate will hold it' : `its gate ${gate.gate_name} never asks for that level`;
    findings.warn({
      rule: 'UNGUARDED_CALL',
      message: `${call.callee} (level ${call.need}) is reached without an approval that this workflow asks for: ${why}`,
      node: node.id,
      path: pathTo(without, node.id),
      pointer,
      hint: 'name a gate on the node, or define the gate default',
    });
  }
};

/** False only where the condition is known to be false whatever the state: from level 4 on the level itself asks. */
const mayAsk = (gate: GateDefinition, { need, callee }: Call, node: NodeDefinition): boolean => {
  if (/\b(?:state|input|arguments|agent)\b/.test(gate.trigger_condition ?? '')) return true;
  try {
    const scope = { privilege_level: need, tool: callee, node: node.id };
    return evaluateGate({ gate, explicit: node.gate !== undefined, need, scope }).required;
  } catch {
    return true;
  }
};
