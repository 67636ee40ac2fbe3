import type { JsonObject } from '../../json/json.js';
import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { DefinitionCatalog } from '../catalog.js';
import { type Call, callsOf, compensationOf, RISKY } from '../checks/needs.js';
import type { NodeDefinition, WorkflowDefinition } from '../definition.js';
import { type Draft, draftOf } from '../draft.js';
import { approvalsOf } from '../graph/approvals.js';
import { componentsOf } from '../graph/components.js';
import { type Flow, flowOf } from '../graph/flow.js';
import { pathTo, type Reached, reachFromStart } from '../graph/reach.js';
import { DEFINITION_LIMITS } from '../limits.js';
import { type OwnGate, ownGateOf } from './own-gate.js';

/** What stands before one call of level ≥ 3. */
export interface GatedCall {
  node: string;
  /** `compensation`: the node's `compensate`, evaluated when it is due */
  kind: 'call' | 'compensation';
  /** the tool or handler */
  callee: string;
  /** the level it needs */
  need: PrivilegeLevel;
  own_gate: OwnGate;
  /**
   * Gate nodes whose approval every way from START passes, nearest START first, at most the last 64.
   * They never stand in for the call's own gate: it asks besides.
   */
  gate_nodes: string[];
  /** the approval that is proven: the call's own, or one of gate nodes on every way (not the same on each, maybe) */
  approval: 'own_gate' | 'gate_node' | 'none';
  /** where none is proven: the shortest way from START without an approval, `…` where it is long */
  path?: string[];
}

export interface GateAnalysis {
  /** in the order of the nodes; of nodes that START reaches */
  calls: GatedCall[];
  /** calls of which no approval is proven */
  unproven: number;
  /** calls beyond those listed; they are counted in `unproven` */
  not_listed: number;
}

interface Ways {
  gates: Draft['gates'];
  reached: Reached;
  /** what can be reached without any approval of a gate node */
  without: Reached;
  before: (id: string) => string[];
}

/**
 * For every call of level ≥ 3, the approval that dominates it or the shortest way without. Pure, linear in nodes and
 * edges (gate nodes by 32), never throws for a definition of sound structure. A child workflow's calls are analysed with the
 * child; a call's level is the catalog's, raised by the node. Tenant policy may ask more, never less.
 */
export const analyseGates = (definition: WorkflowDefinition, catalog: DefinitionCatalog): GateAnalysis => {
  const draft = draftOf(definition as unknown as JsonObject, new Set());
  const flow = flowOf(draft);
  const ways = waysOf(draft, flow);
  const analysis: GateAnalysis = { calls: [], unproven: 0, not_listed: 0 };
  for (const { value: node } of draft.nodes) {
    if (node === undefined || !ways.reached.has(node.id)) continue;
    const calls = riskyCallsOf(node, catalog);
    const gateNodes = calls.length > 0 ? ways.before(node.id) : [];
    for (const [kind, call] of calls) {
      const gated = prove(node, kind, call, ways, gateNodes);
      if (gated.approval === 'none') analysis.unproven += 1;
      if (analysis.calls.length < DEFINITION_LIMITS.findings) analysis.calls.push(gated);
      else analysis.not_listed += 1;
    }
  }
  return analysis;
};

const waysOf = (draft: Draft, flow: Flow): Ways => {
  const reached = reachFromStart(flow);
  const without = reachFromStart(flow, (id) => flow.nodes.get(id)?.type !== 'gate');
  const { before } = approvalsOf(flow, reached, componentsOf(flow));
  return { gates: draft.gates, reached, without, before };
};

const riskyCallsOf = (node: NodeDefinition, catalog: DefinitionCatalog): [GatedCall['kind'], Call][] => {
  const calls = callsOf(node, catalog).map((call): [GatedCall['kind'], Call] => ['call', call]);
  const compensation = compensationOf(node, catalog);
  if (compensation !== undefined) calls.push(['compensation', compensation]);
  return calls.filter(([, { need }]) => need >= RISKY);
};

const prove = (
  node: NodeDefinition,
  kind: GatedCall['kind'],
  call: Call,
  ways: Ways,
  gate_nodes: string[],
): GatedCall => {
  const own_gate = ownGateOf(ways.gates, node, call);
  const held = !ways.without.has(node.id);
  const approval = own_gate.asks === 'always' ? 'own_gate' : held ? 'gate_node' : 'none';
  return {
    node: node.id,
    kind,
    callee: call.callee,
    need: call.need,
    own_gate,
    gate_nodes,
    approval,
    ...(approval === 'none' ? { path: pathTo(ways.without, node.id) } : {}),
  };
};
