import {
  type ApprovalRule,
  type ApprovalStatus,
  type ApprovalTimes,
  DECIDED_STATUS,
  type Decision,
  type Json,
  type JsonObject,
  type JsonSchema,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { type ApprovalDecisionEntity, type ApprovalEntity } from '../entities/index.js';

export interface NewApproval {
  approval_id: string;
  execution_id: string;
  workflow_id: string;
  node: string;
  visit: number;
  gate_name: string;
  agent_id?: string | null;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  action_description: string;
  context_data?: JsonObject;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  payload_hash: string;
  /** who started the execution: never a decider */
  requested_by: string;
  /** RFC 3339 */
  expires_at: string;
  auto_reject_on_timeout: boolean;
  escalation_policy: string;
  temporal_workflow_id: string;
  traceparent?: string | null;
  /** default: approve and reject */
  allowed_decisions?: Decision[];
  input_schema?: JsonSchema | null;
  output_schema?: JsonSchema | null;
  edited_by?: string[];
  replaces?: string | null;
  /** default: `approvals_required` of anybody who may decide */
  rule?: ApprovalRule | null;
  times?: ApprovalTimes | null;
  workflow_name?: string | null;
}

/** What the waiting workflow is told. */
export interface ApprovalResult {
  approval_id: string;
  status: 'approved' | 'rejected' | 'edited' | 'answered' | 'expired' | 'cancelled';
  /** the subs whose decisions ended it, in their order; empty when nobody's did */
  decided_by: string[];
  /** RFC 3339 */
  decided_at: string | null;
  notes: string | null;
  /** of `edited`: the arguments; of `answered`: the result */
  given?: Json;
  /** of `edited`: how many people had to agree at the end */
  approvals_required?: number;
}

/** What the deciders' votes and the row say together; null while nothing is decided. */
export function toResult(
  row: Pick<ApprovalEntity, 'id' | 'status' | 'decided_at' | 'decision_notes' | 'given' | 'approvals_required'>,
  decisions: readonly Pick<ApprovalDecisionEntity, 'actor' | 'decision'>[],
): ApprovalResult | null {
  const status = outcome(row.status);
  if (status === null) return null;
  return {
    approval_id: row.id,
    status,
    decided_by: decisions.filter(({ decision }) => DECIDED_STATUS[decision] === status).map((one) => one.actor),
    decided_at: row.decided_at?.toISOString() ?? null,
    notes: row.decision_notes,
    ...(status === 'edited' || status === 'answered' ? { given: row.given } : {}),
    ...(status === 'edited' ? { approvals_required: row.approvals_required } : {}),
  };
}

function outcome(status: ApprovalStatus): ApprovalResult['status'] | null {
  switch (status) {
    case 'pending':
      return null;
    case 'consumed':
      return 'approved';
    case 'approved':
    case 'rejected':
    case 'edited':
    case 'answered':
    case 'expired':
    case 'cancelled':
      return status;
  }
}
