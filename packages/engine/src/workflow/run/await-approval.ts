import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  condition,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import {
  TASK_QUEUES,
  approvalPayloadHash,
  approvalWorkflowId,
  type Json,
  type PrivilegeLevel,
  type ResolvedGate,
} from '@aumos/agf-domain/runtime';
import {
  APPROVAL_WORKFLOW,
  WORKFLOW_TASK_TIMEOUT,
  type ApprovalOutcome,
  type ApprovalStart,
} from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { ExecutionRun } from './execution-run.js';
import { fittingBytes } from './payload-limit.js';
import { recorder, untilDone } from './recorder.js';

export interface ApprovalRequest {
  gate: ResolvedGate;
  approvals_required: number;
  privilege_level: PrivilegeLevel;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  action: string;
}

export interface Approved {
  outcome: ApprovalOutcome;
  start: ApprovalStart;
  /** the row says `running` again */
  resumed: Promise<void>;
}

interface Site {
  node: string;
  visit: number;
}

const HOUR_MS = 3_600_000;

/**
 * Asks people, and waits for them; the execution's time limit stands still meanwhile.
 * @throws NodeError APPROVAL_REJECTED, APPROVAL_EXPIRED; a cancellation, once the approval is closed
 */
export async function awaitApproval(run: ExecutionRun, site: Site, request: ApprovalRequest): Promise<Approved> {
  const start = approvalStart(run, site, request);
  run.clock.hold();
  try {
    const bytes = fittingBytes(site, start);
    const { outcome, paused } = await run.approvals.use(bytes, () => askPeople(run, site, start));
    const resumed = paused ? resume(run, start.approval_id) : Promise.resolve();
    if (outcome.status === 'approved') return { outcome, start, resumed };
    await resumed;
    throw refusal(site, outcome);
  } finally {
    run.clock.release();
  }
}

function approvalStart(run: ExecutionRun, site: Site, request: ApprovalRequest): ApprovalStart {
  const { tenant_id, execution_id, workflow_id, initiator, settings, traceparent } = run.start;
  const { definition } = request.gate;
  const now = Date.now();
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
    approval_id: uuid4(),
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
    notify: workflowInfo().workflowId,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

async function askPeople(
  run: ExecutionRun,
  site: Site,
  start: ApprovalStart,
): Promise<{ outcome: ApprovalOutcome; paused: boolean }> {
  const child = await startChild<(start: ApprovalStart) => Promise<ApprovalOutcome>>(APPROVAL_WORKFLOW, {
    workflowId: approvalWorkflowId(start.tenant_id, start.approval_id),
    taskQueue: run.start.settings.approvals_queue ?? TASK_QUEUES.approvals,
    args: [start],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    staticSummary: start.action_description,
  });
  let over = false;
  const closed = child.result().finally(() => {
    over = true;
  });
  // Awaited below in any case; until then its failure is nobody's.
  closed.catch(() => undefined);
  try {
    await condition(() => over || run.opened.has(start.approval_id));
    const paused = run.opened.has(start.approval_id);
    if (paused)
      await run.ended.carriedBy((ended) =>
        recorder().recordPaused({
          ref: run.ref,
          approval_id: start.approval_id,
          gate_name: start.gate_name,
          node: site.node,
          ended,
        }),
      );
    return { outcome: await closed, paused };
  } catch (error) {
    // Whatever ended the wait: the execution goes on only when its approval is closed.
    await closed.catch(() => undefined);
    throw error;
  }
}

const resume = (run: ExecutionRun, approval_id: string): Promise<void> =>
  untilDone(() => recorder().recordResumed({ ref: run.ref, approval_id }));

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
