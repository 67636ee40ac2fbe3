import {
  approvalPayloadHash,
  type ApprovalRule,
  type ApprovalTimes,
  type Decision,
  type Json,
  type JsonSchema,
  type PrivilegeLevel,
  type ResolvedGate,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import type { ApprovalOutcome, ApprovalStart, Deadline, DeadlineAsked } from '../../common/index.js';
import type { ExecutionRun } from './execution-run.js';
import type { Site } from './site.js';

export interface ApprovalRequest {
  gate: ResolvedGate;
  approvals_required: number;
  /** absent: `approvals_required` of anybody who may decide */
  rule?: ApprovalRule | undefined;
  /** absent: expiry or escalation at the gate's timeout */
  times?: ApprovalTimes | undefined;
  privilege_level: PrivilegeLevel;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  action: string;
  /** whose call it is */
  agent_id?: string | undefined;
  /** beside approve and reject */
  also?: readonly Extract<Decision, 'edit' | 'respond'>[];
  input_schema?: JsonSchema | undefined;
  output_schema?: JsonSchema | undefined;
  /** the tool as it is now, where that is not what the execution began with: another run goes on with it */
  now?: ToolSpec | undefined;
  /** How many approvals the call needs with other arguments. @throws ExpressionError */
  approvalsFor?: (edited: Json) => number;
}

const HOUR_MS = 3_600_000;

interface AskedHow {
  /** of the approval before: its arguments count, and are nobody's to approve who wrote them */
  edit?: { of: ApprovalStart; outcome: ApprovalOutcome };
  /** where not every hour counts */
  deadline?: Deadline;
}

/** What is to be reckoned before people are asked; undefined where every hour counts. */
export function deadlineAsked(run: ExecutionRun, { times }: ApprovalRequest): DeadlineAsked | undefined {
  if (times?.business_hours === undefined) return undefined;
  const { timeout_hours: hours, business_hours } = times;
  return {
    tenant_id: run.start.tenant_id,
    from: new Date(run.runtime.now()).toISOString(),
    hours,
    business_hours,
  };
}

/** What people are asked. */
export function approvalStart(
  run: ExecutionRun,
  site: Site,
  request: ApprovalRequest,
  { edit, deadline }: AskedHow = {},
): ApprovalStart {
  const { tenant_id, execution_id, workflow_id, initiator, settings, traceparent } = run.start;
  const { definition } = request.gate;
  const { rule } = request;
  const now = run.runtime.now();
  const times = timesBy(request, deadline);
  const hours = times?.timeout_hours ?? definition.approval_timeout_hours ?? settings.approval_timeout_hours;
  const expires_at = deadline?.at ?? new Date(now + hours * HOUR_MS).toISOString();
  const { tool, tool_version, privilege_level, input_schema, output_schema } = request;
  const given = edit ? (edit.outcome.given ?? null) : request.arguments;
  const approvals_required = edit ? requiredBy(request, edit) : request.approvals_required;
  const payload = {
    tenant_id,
    execution_id,
    ...site,
    gate_name: request.gate.name,
    tool,
    tool_version,
    privilege_level,
  };
  return {
    ...payload,
    approval_id: run.runtime.newApprovalId(),
    workflow_id,
    approvals_required,
    escalation_policy: times?.escalation_policy ?? definition.escalation_policy ?? 'notify_admin',
    auto_reject_on_timeout: times?.auto_reject ?? definition.auto_reject_on_timeout ?? settings.auto_reject_on_timeout,
    arguments: given,
    action_description: request.action,
    payload_hash: approvalPayloadHash({ ...payload, arguments: given, expires_at }),
    requested_at: new Date(now).toISOString(),
    expires_at,
    requested_by: initiator,
    notify: run.runtime.workflowId(),
    allowed_decisions: decisionsOn(request, approvals_required),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(request.agent_id === undefined ? {} : { agent_id: request.agent_id }),
    ...(input_schema === undefined ? {} : { input_schema }),
    ...(output_schema === undefined ? {} : { output_schema }),
    ...(edit === undefined ? {} : editOf(edit)),
    ...(rule === undefined ? {} : { rule }),
    ...(times === undefined ? {} : { times }),
  };
}

/** By the hours by which the deadline was reckoned: what the tenant sets later changes nothing. */
function timesBy({ times }: ApprovalRequest, deadline: Deadline | undefined): ApprovalTimes | undefined {
  if (!times || !deadline) return times;
  const { business_hours: _asked, ...others } = times;
  return { ...others, ...(deadline.business_hours ? { business_hours: deadline.business_hours } : {}) };
}

/** One person's answer passes no gate that asks for several. */
const decisionsOn = ({ also = [] }: ApprovalRequest, approvalsRequired: number): Decision[] => [
  ...(['approve', 'reject'] as const),
  ...also.filter((decision) => decision !== 'respond' || approvalsRequired === 1),
];

/** An edit never asks for less than what it replaces. */
const requiredBy = (
  { approvalsFor }: ApprovalRequest,
  { of, outcome }: { of: ApprovalStart; outcome: ApprovalOutcome },
) => Math.max(of.approvals_required, approvalsFor?.(outcome.given ?? null) ?? 1);

const editOf = ({ of, outcome }: { of: ApprovalStart; outcome: ApprovalOutcome }) => ({
  edited_by: [...new Set([...(of.edited_by ?? []), ...outcome.decided_by])],
  edits: (of.edits ?? 0) + 1,
  replaces: of.approval_id,
});
