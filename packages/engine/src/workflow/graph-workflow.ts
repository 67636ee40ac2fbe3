import { continueAsNew } from '@temporalio/workflow';
import type { Json } from '@aumos/agf-domain/runtime';
import type { Carried, ChildResult, ExecutionRef, ExecutionStart } from '../common/index.js';
import { compilePlan } from './plan/compile-plan.js';
import { EndedVisits } from './run/ended-visits.js';
import { ExecutionRun } from './run/execution-run.js';
import type { Outcome } from './run/outcome.js';
import { runExecution } from './run/run-execution.js';
import { listenToApprovals, type ApprovalSignals } from './temporal/approval-signals.js';
import { listenToChildren } from './temporal/child-clocks.js';
import { listenToCommands } from './temporal/command-signals.js';
import { conclude, endingOf } from './temporal/ending-of.js';
import { handedOver } from './temporal/hand-over.js';
import { recordOutcome } from './temporal/record-outcome.js';
import { recorder } from './temporal/recorder.js';
import { ClockTeller } from './temporal/tell-parent.js';
import { temporalRuntime } from './temporal/temporal-runtime.js';

/**
 * Runs one execution of a published definition to its outcome, which is always recorded; a long one in several runs.
 * @param carried what the run before handed over
 * @returns the execution's output; of a child with what its parent would have to undo
 * @throws ApplicationFailure (type: the error's code, first detail: the ExecutionError), CancelledFailure
 */
export async function graphWorkflow(start: ExecutionStart, carried?: Carried): Promise<Json | ChildResult> {
  const ref = refOf(start);
  const approvals = listenToApprovals(carried?.opened ?? []);
  const visits = new EndedVisits();
  const commands = listenToCommands(carried?.commands);
  const clock = new ClockTeller(ref.execution_id, carried?.clock_told);
  const runtime = temporalRuntime({
    ref,
    approvals,
    children: listenToChildren(),
    clock,
    approvalsQueue: start.settings.approvals_queue,
    functions: start.settings,
  });
  const begun: Begun = {};
  const reached = await runOn(start, carried, { ref, runtime, visits, approvals, commands, clock }, begun);
  if (reached.kind === 'handed over') return continueAsNew<typeof graphWorkflow>(start, reached.carried);
  await recordOutcome({ ref, outcome: reached, ran_ms: begun.run?.ranMs }, visits);
  return conclude(reached, start.ancestors !== undefined);
}

interface Begun {
  run?: ExecutionRun;
}
type Shared = ConstructorParameters<typeof ExecutionRun>[2] & { approvals: ApprovalSignals; clock: ClockTeller };

async function runOn(
  start: ExecutionStart,
  carried: Carried | undefined,
  shared: Shared,
  begun: Begun,
): Promise<Outcome | { kind: 'handed over'; carried: Carried }> {
  try {
    if (!carried) await recorder().recordStarted(shared.ref);
    const run = new ExecutionRun(start, compilePlan(start.definition), shared, carried);
    begun.run = run;
    return await Promise.race([
      runExecution(run),
      handedOver(run, shared.approvals).then((next) => ({
        kind: 'handed over' as const,
        carried: { ...next, ...shared.clock.carried },
      })),
    ]);
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
