import {
  approvalPayloadHash,
  type Json,
  type PrivilegeLevel,
  type ResolvedGate,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import type { ApprovalOutcome, ApprovalStart } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { ExecutionRun } from './execution-run.js';
import { fittingBytes } from './payload-limit.js';
import type { Site } from './site.js';

export interface ApprovalRequest {
  gate: ResolvedGate;
  approvals_required: number;
  privilege_level: PrivilegeLevel;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  action: string;
  /** whose call it is */
  agent_id?: string | undefined;
  /** the tool as it is now, where that is not what the execution began with: another run goes on with it */
  now?: ToolSpec | undefined;
}

export interface Approved {
  outcome: ApprovalOutcome;
  start: ApprovalStart;
  /** the row says `running` again */
  resumed: Promise<void>;
}

const HOUR_MS = 3_600_000;

/**
 * Asks people, and waits for them; the execution's time limit stands still meanwhile.
 * @throws NodeError APPROVAL_REJECTED, APPROVAL_EXPIRED; a cancellation, once the approval is closed
 */
export async function awaitApproval(run: ExecutionRun, site: Site, request: ApprovalRequest): Promise<Approved> {
  const { handover } = run;
  const before = openedBefore(handover.keptOf(site), request);
  const start = before ?? approvalStart(run, site, request);
  run.clock.hold();
  let leave: () => void = () => undefined;
  try {
    const bytes = fittingBytes(site, start);
    leave = await handover.idle(site, () => run.approvals.enter(bytes));
    const { outcome, paused } = await run.runtime.askPeople(start, {
      visits: run.ended,
      open: before !== undefined,
      opened: () => handover.keep(site, keptOf(start, request)),
      idle: (wait) => handover.idle(site, wait),
    });
    const resumed = paused ? run.runtime.recordResumed(start.approval_id) : Promise.resolve();
    if (outcome.status === 'approved') return { outcome, start, resumed };
    await resumed;
    throw refusal(site, outcome);
  } finally {
    leave();
    run.clock.release();
  }
}

/** What another run takes up: the approval, and the tool that it is for. */
type Kept = ApprovalStart & { now?: ToolSpec };

const keptOf = (start: ApprovalStart, { now }: ApprovalRequest): Json =>
  ({ ...start, ...(now === undefined ? {} : { now }) }) as unknown as Json;

/** What an earlier run opened, unless it is for the tool as it was: that is not what will be done. */
function openedBefore(kept: Json | undefined, { tool_version }: ApprovalRequest): ApprovalStart | undefined {
  if (kept === undefined) return undefined;
  const { now: _now, ...start } = kept as unknown as Kept;
  return start.tool_version === tool_version ? start : undefined;
}

/** The tool that an approval is for which an earlier run opened, where the execution did not begin with it. */
export const toolNowOf = (kept: Json | undefined): ToolSpec | undefined => (kept as unknown as Kept | undefined)?.now;

function approvalStart(run: ExecutionRun, site: Site, request: ApprovalRequest): ApprovalStart {
  const { tenant_id, execution_id, workflow_id, initiator, settings, traceparent } = run.start;
  const { definition } = request.gate;
  const now = run.runtime.now();
  const hours = definition.approval_timeout_hours ?? settings.approval_timeout_hours;
  const expires_at = new Date(now + hours * HOUR_MS).toISOString();
  const { tool, tool_version, privilege_level } = request;
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
    approvals_required: request.approvals_required,
    escalation_policy: definition.escalation_policy ?? 'notify_admin',
    auto_reject_on_timeout: definition.auto_reject_on_timeout ?? settings.auto_reject_on_timeout,
    arguments: request.arguments,
    action_description: request.action,
    payload_hash: approvalPayloadHash({ ...payload, arguments: request.arguments, expires_at }),
    requested_at: new Date(now).toISOString(),
    expires_at,
    requested_by: initiator,
    notify: run.runtime.workflowId(),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(request.agent_id === undefined ? {} : { agent_id: request.agent_id }),
  };
}

function refusal(site: Site, outcome: ApprovalOutcome): NodeError {
  const { approval_id, status, decided_by, notes } = outcome;
  const expired = status === 'expired';
  return new NodeError(
    executionError(
      site,
      expired ? 'APPROVAL_EXPIRED' : 'APPROVAL_REJECTED',
      expired
        ? 'Nobody decided in time'
        : status === 'rejected'
          ? 'The approval was rejected'
          : 'The approval was closed',
      { approval_id, status, decided_by, notes },
    ),
  );
}
