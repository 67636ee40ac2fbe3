import type { ApprovalDecisionEntity, ApprovalEntity, PathStep } from '@aumos/agf-persistence';
import type { ApprovalView, DecisionView, PathStepView } from './approval.view.js';

const decisionView = (row: ApprovalDecisionEntity): DecisionView => ({
  actor: row.actor,
  decision: row.decision,
  notes: row.notes,
  decided_at: row.created_at.toISOString(),
  stage: row.stage,
  rule: row.rule,
});

/** The last step of the way is the approval's own visit. */
const pathView = (row: ApprovalEntity, path: readonly PathStep[]): PathStepView[] =>
  path.map(({ execution_id, workflow_name, node, visit }) => ({
    execution_id,
    workflow_name,
    node: node ?? row.node,
    visit: visit ?? row.visit,
  }));

/** One whose time is over is none. */
function claimOf({ claimed_by, claimed_until }: ApprovalEntity): Pick<ApprovalView, 'claimed_by' | 'claimed_until'> {
  const holds = claimed_by !== null && claimed_until !== null && claimed_until > new Date();
  return holds ? { claimed_by, claimed_until: claimed_until.toISOString() } : { claimed_by: null, claimed_until: null };
}

/** @param path from the root to the approval's execution */
export const approvalView = (
  row: ApprovalEntity,
  decisions: readonly ApprovalDecisionEntity[],
  path: readonly PathStep[],
): ApprovalView => ({
  id: row.id,
  tenant_id: row.tenant_id,
  execution_id: row.execution_id,
  workflow_id: row.workflow_id,
  path: pathView(row, path),
  node: row.node,
  visit: row.visit,
  gate_name: row.gate_name,
  agent_id: row.agent_id,
  tool: row.tool,
  tool_version: row.tool_version,
  arguments: row.arguments,
  action_description: row.action_description,
  context_data: row.context_data,
  privilege_level: row.privilege_level,
  approvals_required: row.approvals_required,
  payload_hash: row.payload_hash,
  status: row.status,
  requested_by: row.requested_by,
  edited_by: row.edited_by,
  rule: row.rule,
  stage: row.stage,
  excluded: row.excluded,
  delegations: row.delegations.map(({ from, to, stage, at, notes }) => ({ from, to, stage, at, notes })),
  ...claimOf(row),
  standing_id: row.standing_id,
  allowed_decisions: row.status === 'pending' ? row.allowed_decisions : [],
  input_schema: row.input_schema,
  output_schema: row.output_schema,
  replaces: row.replaces,
  given: row.given,
  expires_at: row.expires_at.toISOString(),
  escalated_at: row.escalated_at?.toISOString() ?? null,
  decisions: decisions.map(decisionView),
  decided_by: row.decided_by,
  decided_at: row.decided_at?.toISOString() ?? null,
  decision_notes: row.decision_notes,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
