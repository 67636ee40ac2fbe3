import {
  approvalPayloadHash,
  approvalRule,
  type ApprovalRule,
  approvalTimes,
  atLeast,
  type ApprovalTimes,
  decidersOf,
  policyHash,
  type Decision,
  type GatePolicy,
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
  /** those that hold the call */
  policies: readonly GatePolicy[];
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
  /** Those that hold the call with other arguments. @throws ExpressionError */
  policiesFor?: (edited: Json) => readonly GatePolicy[];
  /** what is approved is a dispatch that can record that the execution goes on */
  dispatchResumes?: boolean;
}

const HOUR_MS = 3_600_000;

interface AskedHow {
  /** of the approval before: its arguments count, and are nobody's to approve who wrote them */
  edit?: Edit | undefined;
  /** where not every hour counts */
  deadline?: Deadline | undefined;
}

/** What is to be reckoned before people are asked; undefined where every hour counts. */
export function deadlineAsked(run: ExecutionRun, request: ApprovalRequest, edit?: Edit): DeadlineAsked | undefined {
  const { timeout_hours: hours, business_hours } = timesOf(run, request, edit);
  if (business_hours === undefined) return undefined;
  const from = new Date(run.runtime.now()).toISOString();
  return { tenant_id: run.start.tenant_id, from, hours, business_hours };
}

/** What people are asked. */
export function approvalStart(
  run: ExecutionRun,
  site: Site,
  request: ApprovalRequest,
  { edit, deadline }: AskedHow = {},
): ApprovalStart {
  const { tenant_id, execution_id, workflow_id, workflow_name, initiator, traceparent } = run.start;
  const now = run.runtime.now();
  const policies = policiesFor(request, edit);
  const rule = ruleOf(request, policies, edit);
  const times = reckoned(timesOf(run, request, edit), deadline);
  const expires_at = deadline?.at ?? new Date(now + times.timeout_hours * HOUR_MS).toISOString();
  const { tool, tool_version, privilege_level, input_schema, output_schema } = request;
  const given = edit ? (edit.outcome.given ?? null) : request.arguments;
  const approvals_required = decidersOf(rule);
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
    escalation_policy: times.escalation_policy,
    auto_reject_on_timeout: times.auto_reject,
    arguments: given,
    action_description: request.action,
    payload_hash: approvalPayloadHash({ ...payload, arguments: given, expires_at }),
    requested_at: new Date(now).toISOString(),
    expires_at,
    requested_by: initiator,
    notify: run.runtime.workflowId(),
    allowed_decisions: decisionsOn(request, approvals_required),
    rule,
    times,
    workflow_name,
    ...(policies.length === 0 ? {} : { policies: policies.map(policyHash) }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(request.agent_id === undefined ? {} : { agent_id: request.agent_id }),
    ...(input_schema === undefined ? {} : { input_schema }),
    ...(output_schema === undefined ? {} : { output_schema }),
    ...(edit === undefined ? {} : editOf(edit)),
  };
}

const timesOf = ({ start }: ExecutionRun, request: ApprovalRequest, edit: Edit | undefined): ApprovalTimes =>
  approvalTimes(request.gate.definition, policiesFor(request, edit), start.settings);

/** By the hours by which the deadline was reckoned: what the tenant sets later changes nothing. */
function reckoned(times: ApprovalTimes, deadline: Deadline | undefined): ApprovalTimes {
  if (!deadline) return times;
  const { business_hours: _asked, ...others } = times;
  return { ...others, ...(deadline.business_hours ? { business_hours: deadline.business_hours } : {}) };
}

/** One person's answer passes no gate that asks for several. */
const decisionsOn = ({ also = [] }: ApprovalRequest, approvalsRequired: number): Decision[] => [
  ...(['approve', 'reject'] as const),
  ...also.filter((decision) => decision !== 'respond' || approvalsRequired === 1),
];

interface Edit {
  of: ApprovalStart;
  outcome: ApprovalOutcome;
}

/** Of an edited call also those that held it before: an edit never asks for less than what it replaces. */
function policiesFor({ policies, policiesFor: held }: ApprovalRequest, edit: Edit | undefined): GatePolicy[] {
  const more = edit ? (held?.(edit.outcome.given ?? null) ?? []) : [];
  const known = new Set(policies.map(({ name }) => name));
  return [...policies, ...more.filter(({ name }) => !known.has(name))];
}

function ruleOf(
  { gate, privilege_level }: ApprovalRequest,
  policies: readonly GatePolicy[],
  edit: Edit | undefined,
): ApprovalRule {
  const rule = approvalRule(gate.definition, privilege_level, policies);
  if (!edit) return rule;
  const { of, outcome } = edit;
  return { ...rule, stages: atLeast(rule.stages, Math.max(of.approvals_required, outcome.approvals_required ?? 0)) };
}

const editOf = ({ of, outcome }: Edit) => ({
  edited_by: [...new Set([...(of.edited_by ?? []), ...outcome.decided_by])],
  edits: (of.edits ?? 0) + 1,
  replaces: of.approval_id,
});
