import {
  evaluateGate,
  forcesApproval,
  resolveGate,
  type FunctionNode,
  type Json,
  type PrivilegeLevel,
  type ResolvedGate,
  type ToolNode,
  type WorkflowNode,
} from '@aumos/agf-domain/runtime';
import type { GateContext } from '../../common/index.js';
import type { Visit } from './visit.js';

/** A call that needs so much meets a gate, whoever names one. */
export const GATED_FROM: PrivilegeLevel = 3;

/** Nodes that call one thing themselves. */
export type CallingNode = ToolNode | FunctionNode;

export interface GateOfCall {
  resolved: ResolvedGate;
  required: boolean;
  approvals_required: number;
  context: GateContext;
}

/** The gate that a call meets, with its condition's answer; null where the level and the node ask for none. */
export function gateOf(
  { run, node, view, input, agent }: Visit<CallingNode | WorkflowNode>,
  { name, need }: { name: string | null; need: PrivilegeLevel },
): GateOfCall | null {
  const always = forcesApproval(agent, need);
  if (need < GATED_FROM && node.gate === undefined && !always) return null;
  const resolved = resolveGate(run.plan.definition, node.gate);
  const condition = resolved.definition.trigger_condition ?? '';
  const seen = {
    state: mentions(condition, 'state') ? view.state : {},
    input: mentions(condition, 'input') ? run.start.input : null,
  };
  const scope: Record<string, Json> = {
    privilege_level: need,
    agent: agent?.name ?? null,
    tool: name,
    arguments: input,
    node: agent?.node ?? node.id,
    ...seen,
  };
  const { required, approvals_required } = evaluateGate({
    gate: resolved.definition,
    explicit: resolved.explicit,
    always,
    need,
    scope,
  });
  const context: GateContext = {
    gate_name: resolved.name,
    explicit: resolved.explicit,
    definition: resolved.definition,
    scope: seen,
  };
  return { resolved, required, approvals_required, context };
}

/** What the condition cannot see need not travel to the dispatch, which evaluates it again. */
const mentions = (condition: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(condition);
