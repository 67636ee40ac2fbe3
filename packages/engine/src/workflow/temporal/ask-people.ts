import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  condition,
  getExternalWorkflowHandle,
  startChild,
} from '@temporalio/workflow';
import { TASK_QUEUES, approvalWorkflowId } from '@aumos/agf-domain/runtime';
import {
  APPROVAL_WORKFLOW,
  SIGNAL_HANDED_OVER,
  WORKFLOW_TASK_TIMEOUT,
  type ApprovalOutcome,
  type ApprovalStart,
  type ExecutionRef,
} from '../../common/index.js';
import type { Asking, Decided } from '../run/runtime.js';
import { closedBySignal, outcomeTold, type ApprovalSignals } from './approval-signals.js';
import { cancelledOnceStarted } from './cancelled-once-started.js';
import { recorder } from './recorder.js';

interface Execution {
  ref: ExecutionRef;
  approvals: ApprovalSignals;
  approvalsQueue: string | undefined;
}

/** The approval's own workflow, from its opening to its outcome. */
export async function askPeople(execution: Execution, start: ApprovalStart, how: Asking): Promise<Decided> {
  const { ref, approvals } = execution;
  const { approval_id } = start;
  const { result } = how.open ? { result: closedBySignal(approvals, start) } : await ownResult(execution, start);
  how.opened();
  let over = false;
  const closed = result.finally(() => {
    over = true;
    approvals.open.delete(approval_id);
  });
  // Awaited below in any case; until then its failure is nobody's.
  closed.catch(() => undefined);
  approvals.open.set(approval_id, () =>
    getExternalWorkflowHandle(approvalWorkflowId(start.tenant_id, approval_id)).signal(SIGNAL_HANDED_OVER),
  );
  try {
    await how.idle(() => condition(() => over || approvals.opened.has(approval_id)));
    const paused = approvals.opened.has(approval_id);
    const { gate_name, node } = start;
    if (paused)
      await how.visits.carriedBy((progress) =>
        recorder().recordPaused({ ref, approval_id, gate_name, node, ...progress }),
      );
    return { outcome: await how.idle(() => closed), paused };
  } catch (error) {
    // Whatever ended the wait: the execution goes on only when its approval is closed.
    await closed.catch(() => undefined);
    throw error;
  }
}

/**
 * Opens it. Its parent's end does not end it: a run that is followed by another one ends as well, and others cancel it
 * first. Once it was handed over it tells its end by signal, and so maybe before its own end is known here.
 */
async function ownResult(execution: Execution, start: ApprovalStart): Promise<{ result: Promise<ApprovalOutcome> }> {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Nobody is asked any more');
  const child = await cancelledOnceStarted(() =>
    startChild<(start: ApprovalStart) => Promise<ApprovalOutcome>>(APPROVAL_WORKFLOW, {
      workflowId: approvalWorkflowId(start.tenant_id, start.approval_id),
      taskQueue: execution.approvalsQueue ?? TASK_QUEUES.approvals,
      args: [start],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      staticSummary: start.action_description,
    }),
  );
  const told = CancellationScope.nonCancellable(() => outcomeTold(execution.approvals, start.approval_id));
  return { result: Promise.race([child.result(), told]) };
}
