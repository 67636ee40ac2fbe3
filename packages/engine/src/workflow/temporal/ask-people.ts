import { ChildWorkflowCancellationType, ParentClosePolicy, condition, startChild } from '@temporalio/workflow';
import { TASK_QUEUES, approvalWorkflowId } from '@aumos/agf-domain/runtime';
import {
  APPROVAL_WORKFLOW,
  WORKFLOW_TASK_TIMEOUT,
  type ApprovalOutcome,
  type ApprovalStart,
  type ExecutionRef,
} from '../../common/index.js';
import type { Decided, VisitBook } from '../run/runtime.js';
import type { InTurn } from './in-turn.js';
import { recorder } from './recorder.js';

/** The approval's own workflow, from its opening to its outcome. */
export async function askPeople(
  execution: { ref: ExecutionRef; opened: ReadonlySet<string>; approvalsQueue: string | undefined; turn: InTurn },
  start: ApprovalStart,
  visits: VisitBook,
): Promise<Decided> {
  const { ref, opened, approvalsQueue, turn } = execution;
  const child = await startChild<(start: ApprovalStart) => Promise<ApprovalOutcome>>(APPROVAL_WORKFLOW, {
    workflowId: approvalWorkflowId(start.tenant_id, start.approval_id),
    taskQueue: approvalsQueue ?? TASK_QUEUES.approvals,
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
    await condition(() => over || opened.has(start.approval_id));
    const paused = opened.has(start.approval_id);
    if (paused)
      await visits.carriedBy((ended) =>
        turn.use(() =>
          recorder().recordPaused({
            ref,
            approval_id: start.approval_id,
            gate_name: start.gate_name,
            node: start.node,
            ended,
          }),
        ),
      );
    return { outcome: await closed, paused };
  } catch (error) {
    // Whatever ended the wait: the execution goes on only when its approval is closed.
    await closed.catch(() => undefined);
    throw error;
  }
}
