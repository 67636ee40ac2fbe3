import { ownGateOf } from '../analysis/own-gate.js';
import { pathTo, type Reached, reachFromStart } from '../graph/reach.js';
import type { CheckContext } from './context.js';
import { callsOf, RISKY } from './needs.js';

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
    const gate = ownGateOf(draft.gates, node, call);
    if (gate.kind !== 'platform' && gate.asks !== 'never') continue;
    without ??= reachFromStart(flow, (id) => flow.nodes.get(id)?.type !== 'gate');
    if (!without.has(node.id)) continue;
    const why =
      gate.kind === 'platform' ? 'the default gate will hold it' : `its gate ${gate.name} never asks for that level`;
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
