import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  isCancellation,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { executionWorkflowId } from '@aumos/agf-domain/runtime';
import { GRAPH_WORKFLOW, WORKFLOW_TASK_TIMEOUT, type ChildResult, type ExecutionStart } from '../../common/index.js';
import { childLimit, childTimeout } from '../run/child-limit.js';
import type { HoldableClock } from '../run/runtime.js';
import { cancelledOnceStarted } from './cancelled-once-started.js';
import type { ChildClocks } from './child-clocks.js';
import { childFailure } from './child-failure.js';
import { timer } from './timer.js';

interface Within {
  clock: HoldableClock;
  /** undefined: as long as it takes */
  seconds: number | undefined;
}

const TIME = { now: () => Date.now(), timer };

/**
 * A child execution, from its start to its end. A row that was opened gets its workflow, whatever happens meanwhile: only
 * then it is cancelled, and writes its own outcome.
 */
export async function runChild(start: ExecutionStart, within: Within, clocks: ChildClocks): Promise<ChildResult> {
  const { seconds } = within;
  if (seconds === undefined) return untilItEnds(start, within.clock, clocks);
  const scope = new CancellationScope();
  const limit = childLimit(TIME, within.clock, seconds, () => {
    scope.cancel();
  });
  try {
    return await scope.run(() => untilItEnds(start, limit.clock, clocks));
  } catch (error) {
    const isAsked = CancellationScope.current().consideredCancelled;
    throw limit.isOver && !isAsked && isCancellation(error) ? childTimeout(start, seconds) : error;
  } finally {
    limit.stop();
  }
}

async function untilItEnds(start: ExecutionStart, clock: HoldableClock, clocks: ChildClocks): Promise<ChildResult> {
  const asked = CancellationScope.current();
  clocks.follow(start.execution_id, clock);
  try {
    const child = await cancelledOnceStarted(() =>
      startChild<(start: ExecutionStart) => Promise<ChildResult>>(GRAPH_WORKFLOW, optionsOf(start)),
    );
    return await child.result();
  } catch (error) {
    throw asked.consideredCancelled && isCancellation(error) ? error : childFailure(error, start);
  } finally {
    clocks.forget(start.execution_id);
  }
}

const optionsOf = (start: ExecutionStart) => ({
  workflowId: executionWorkflowId(start.tenant_id, start.execution_id),
  taskQueue: workflowInfo().taskQueue,
  args: [start] as [ExecutionStart],
  workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  staticSummary: `${start.workflow_name} version ${String(start.version)}`,
});
