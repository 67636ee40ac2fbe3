import {
  evaluateGate,
  forcesApproval,
  resolveGate,
  type ApprovalRule,
  type FunctionNode,
  type GatePolicy,
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
  rule: ApprovalRule;
  /** those that hold the call */
  policies: GatePolicy[];
  context: GateContext;
}

/** The gate that a call meets, with its condition's answer; null where neither level, node nor policy may ask for one. */
export function gateOf(
  { run, node, view, input, agent }: Visit<CallingNode | WorkflowNode>,
  { name, need }: { name: string | null; need: PrivilegeLevel },
): GateOfCall | null {
  const always = forcesApproval(agent, need);
  const known = run.policies;
  if (need < GATED_FROM && node.gate === undefined && !always && known.length === 0) return null;
  const resolved = resolveGate(run.plan.definition, node.gate);
  const conditions = [resolved.definition.trigger_condition ?? '', ...known.map(({ condition }) => condition)];
  const mentioned = (name: string): boolean => conditions.some((condition) => mentions(condition, name));
  const seen = {
    state: mentioned('state') ? view.state : {},
    input: mentioned('input') ? run.start.input : null,
  };
  const scope: Record<string, Json> = {
    privilege_level: need,
    agent: agent?.name ?? null,
    tool: name,
    arguments: input,
    node: agent?.node ?? node.id,
    workflow: run.start.workflow_name,
    ...seen,
  };
  const { required, rule, policies } = evaluateGate({
    gate: resolved.definition,
    explicit: resolved.explicit,
    always,
    policies: known,
    need,
    scope,
  });
  const context: GateContext = {
    gate_name: resolved.name,
    explicit: resolved.explicit,
    definition: resolved.definition,
    scope: seen,
  };
  return { resolved, required, rule, policies, context };
}

/** What no condition can see need not travel to the dispatch, which evaluates it again. */
const mentions = (condition: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(condition);
