import { defineSignal, setHandler } from '@temporalio/workflow';
import type { Json } from '@aumos/agf-domain/runtime';
import {
  SIGNAL_APPROVAL_OPENED,
  SIGNAL_CHILD_CLOCK,
  type ChildClock,
  type ChildResult,
  type ExecutionRef,
  type ExecutionStart,
} from '../common/index.js';
import { compilePlan } from './plan/compile-plan.js';
import { EndedVisits } from './run/ended-visits.js';
import { ExecutionRun } from './run/execution-run.js';
import type { Outcome } from './run/outcome.js';
import { runExecution } from './run/run-execution.js';
import { ChildClocks } from './temporal/child-clocks.js';
import { conclude, endingOf } from './temporal/ending-of.js';
import { recordOutcome } from './temporal/record-outcome.js';
import { recorder } from './temporal/recorder.js';
import { temporalRuntime } from './temporal/temporal-runtime.js';

const approvalOpened = defineSignal<[string]>(SIGNAL_APPROVAL_OPENED);
const childClock = defineSignal<[ChildClock]>(SIGNAL_CHILD_CLOCK);

/**
 * Runs one execution of a published definition to its outcome, which is always recorded.
 * @returns the execution's output; of a child with what its parent would have to undo
 * @throws ApplicationFailure (type: the error's code, first detail: the ExecutionError), CancelledFailure
 */
export async function graphWorkflow(start: ExecutionStart): Promise<Json | ChildResult> {
  const opened = new Set<string>();
  setHandler(approvalOpened, (approvalId) => {
    opened.add(approvalId);
  });
  const children = new ChildClocks();
  setHandler(childClock, (told) => {
    children.told(told);
  });
  const ref = refOf(start);
  const visits = new EndedVisits();
  const runtime = temporalRuntime({ ref, opened, children, approvalsQueue: start.settings.approvals_queue });
  const outcome = await runToOutcome(start, { ref, runtime, visits });
  await recordOutcome(ref, outcome, visits);
  return conclude(outcome, start.ancestors !== undefined);
}

async function runToOutcome(
  start: ExecutionStart,
  shared: ConstructorParameters<typeof ExecutionRun>[2],
): Promise<Outcome> {
  try {
    await recorder().recordStarted(shared.ref);
    return await runExecution(new ExecutionRun(start, compilePlan(start.definition), shared));
  } catch (error) {
    return endingOf(error);
  }
}

const refOf = (start: ExecutionStart): ExecutionRef => ({
  tenant_id: start.tenant_id,
  execution_id: start.execution_id,
  workflow_id: start.workflow_id,
  workflow_name: start.workflow_name,
  version: start.version,
  initiator: start.initiator,
  ...(start.ancestors === undefined ? {} : { ancestors: start.ancestors }),
  ...(start.traceparent === undefined ? {} : { traceparent: start.traceparent }),
});
