import {
  CancellationScope,
  condition,
  isCancellation,
  patched,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExecutionRef } from '../../common/index.js';
import type { Runtime } from '../run/runtime.js';
import type { ApprovalSignals } from './approval-signals.js';
import { askPeople } from './ask-people.js';
import type { ChildClocks } from './child-clocks.js';
import { callExecutor } from './call-executor.js';
import { callModel } from './call-model.js';
import { callFunction, type FunctionSettings } from './call-function.js';
import { callTool } from './call-tool.js';
import { deadlineOf } from './deadline-of.js';
import { endingOf } from './ending-of.js';
import { openChild } from './open-child.js';
import { runChild } from './run-child.js';
import { runSegment } from './run-segment.js';
import { timer } from './timer.js';
import type { ClockTeller } from './tell-parent.js';
import { remember } from './remember.js';
import { recorder, untilDone, visitsRecorder } from './recorder.js';

interface Execution {
  ref: ExecutionRef;
  children: ChildClocks;
  clock: ClockTeller;
  approvals: ApprovalSignals;
  approvalsQueue: string | undefined;
  functions: FunctionSettings;
}

/** Histories without it recorded that beside the call: a local activity, for which the call's task waited. */
const DISPATCH_RESUMES = 'dispatch-resumes';

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
  shielded: (body) => CancellationScope.nonCancellable(body),
  isCancellation,
  endingOf,
  newApprovalId: () => uuid4(),
  workflowId: () => workflowInfo().workflowId,
  callTool: (call, as) => callTool(call, as, execution.functions),
  callModel: (call, node) => {
    const { executor } = call.agent;
    return executor ? callExecutor(call, node, executor, execution.functions) : callModel(call, node);
  },
  remember,
  openChild,
  runChild: (start, clock, seconds) => runChild(start, { clock, seconds }, execution.children),
  clockStands: (stands) => {
    execution.clock.stands(stands);
  },
  callFunction: (call, node, inside) => callFunction(call, node, execution.functions, inside),
  runSegment,
  askPeople: (start, how) => askPeople(execution, start, how),
  deadlineOf,
  dispatchResumes: () => patched(DISPATCH_RESUMES),
  recordResumed: (approval_id) => untilDone(() => recorder().recordResumed({ ref: execution.ref, approval_id })),
  recordVisits: (progress) => visitsRecorder().recordVisits({ ref: execution.ref, ...progress }),
  recordWaiting: (mark) => recorder().recordWaiting({ ref: execution.ref, ...mark }),
});
