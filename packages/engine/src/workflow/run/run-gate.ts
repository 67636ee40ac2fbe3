import { resolveGate, evaluateGate, type GateNode, type Json, type PrivilegeLevel } from '@aumos/agf-domain/runtime';
import { awaitApproval } from './await-approval.js';
import type { Ran, Visit } from './visit.js';

const LOWEST: PrivilegeLevel = 1;

/**
 * A gate node asks whatever its level; only an approval, or an answer in its place, lets it end. Its result is that answer,
 * or tells who approved, and when.
 */
export async function runGate(visit: Visit<GateNode>): Promise<Ran> {
  const { node, run, site, planned } = visit;
  const need = node.privilege_level ?? LOWEST;
  const gate = resolveGate(run.plan.definition, node.gate);
  const workflow = run.start.workflow_name;
  const scope = { privilege_level: need, agent: null, tool: null, arguments: visit.input, node: node.id, workflow };
  const { policies } = evaluateGate({
    gate: gate.definition,
    explicit: true,
    always: true,
    policies: run.policies,
    need,
    scope: { ...scope, state: visit.view.state, input: run.start.input },
  });
  const decided = await awaitApproval(run, site, {
    gate,
    policies,
    privilege_level: need,
    tool: null,
    tool_version: null,
    arguments: visit.input,
    action: `Continue after "${node.id}" of ${run.start.workflow_name}`,
    also: planned.decisionOnly ? [] : ['respond'],
  });
  await decided.resumed;
  if (decided.kind === 'answered') return { result: decided.result, recorded: false, answered: true };
  const { approval_id, status, decided_by, decided_at, notes } = decided.outcome;
  return { result: { approval_id, status, decided_by, decided_at, notes } as Json, recorded: false };
}
