import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExecutionActivities, ExecutionRef, ToolCallOutcome } from '../../common/index.js';
import { retrySchedule } from '../run/call-policy.js';
import type { Runtime } from '../run/runtime.js';
import { activityError } from './activity-error.js';
import { toolActivityOptions } from './activity-options.js';
import { askPeople } from './ask-people.js';
import type { ChildClocks } from './child-clocks.js';
import { endingOf } from './ending-of.js';
import { openChild } from './open-child.js';
import { runChild } from './run-child.js';
import { tellParent } from './tell-parent.js';
import { recorder, untilDone, visitsRecorder } from './recorder.js';

type Dispatch = Pick<ExecutionActivities, 'runTool'>;

function timer(ms: number, fire: () => void): () => void {
  const scope = new CancellationScope();
  scope
    .run(() => sleep(ms))
    .then(fire, (error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  return () => {
    scope.cancel();
  };
}

interface Execution {
  ref: ExecutionRef;
  /** approvals of which their workflow says that people can see them */
  opened: ReadonlySet<string>;
  children: ChildClocks;
  approvalsQueue: string | undefined;
}

/** An execution inside Temporal's workflow: activities, child workflows, durable timers. */
export const temporalRuntime = (execution: Execution): Runtime => ({
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
  until: async (holds, ms) => {
    if (ms !== undefined) return condition(holds, ms);
    await condition(holds);
    return true;
  },
  timer,
  openScope: () => new CancellationScope(),
  isCancellation,
  endingOf,
  newApprovalId: () => uuid4(),
  workflowId: () => workflowInfo().workflowId,
  async callTool(call, { node, spec }): Promise<ToolCallOutcome> {
    try {
      return await proxyActivities<Dispatch>(toolActivityOptions(node, spec)).runTool(call);
    } catch (error) {
      const { maxAttempts } = retrySchedule(node, spec);
      throw activityError(error, { node: call.node, visit: call.visit }, { idempotent: spec.idempotent, maxAttempts });
    }
  },
  openChild,
  runChild: (start, clock) => runChild(start, clock, execution.children),
  clockStands: tellParent(execution.ref.execution_id),
  askPeople: (start, visits) => askPeople(execution, start, visits),
  recordResumed: (approval_id) => untilDone(() => recorder().recordResumed({ ref: execution.ref, approval_id })),
  recordVisits: (ended) => visitsRecorder().recordVisits({ ref: execution.ref, ended }),
});
