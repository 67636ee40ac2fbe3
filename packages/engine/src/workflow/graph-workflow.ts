import { defineSignal, setHandler } from '@temporalio/workflow';
import type { Json } from '@aumos/agf-domain/runtime';
import { SIGNAL_APPROVAL_OPENED, type ExecutionRef, type ExecutionStart } from '../common/index.js';
import { compilePlan } from './plan/compile-plan.js';
import { EndedVisits } from './run/ended-visits.js';
import { ExecutionRun } from './run/execution-run.js';
import { conclude, endingOf, type Outcome } from './run/outcome.js';
import { outputOf } from './run/output-of.js';
import { recordOutcome } from './run/record-outcome.js';
import { recorder } from './run/recorder.js';
import { runGraph } from './run/run-graph.js';

const approvalOpened = defineSignal<[string]>(SIGNAL_APPROVAL_OPENED);

/**
 * Runs one execution of a published definition to its outcome, which is always recorded.
 * @returns the execution's output
 * @throws ApplicationFailure (type: the error's code, first detail: the ExecutionError), CancelledFailure
 */
export async function graphWorkflow(start: ExecutionStart): Promise<Json> {
  const opened = new Set<string>();
  setHandler(approvalOpened, (approvalId) => {
    opened.add(approvalId);
  });
  const ref = refOf(start);
  const visits = new EndedVisits();
  const outcome = await runToOutcome(start, { ref, opened, visits });
  await recordOutcome(ref, outcome, visits);
  return conclude(outcome);
}

async function runToOutcome(
  start: ExecutionStart,
  shared: { ref: ExecutionRef; opened: Set<string>; visits: EndedVisits },
): Promise<Outcome> {
  let run: ExecutionRun | undefined;
  try {
    await recorder().recordStarted(shared.ref);
    const current = new ExecutionRun(start, compilePlan(start.definition), shared);
    run = current;
    current.clock.start();
    const view = await current.scope.run(() => runGraph(current));
    return { kind: 'completed', output: outputOf(current, view) };
  } catch (error) {
    return run?.ending ?? endingOf(error);
  } finally {
    run?.clock.stop();
  }
}

const refOf = (start: ExecutionStart): ExecutionRef => ({
  tenant_id: start.tenant_id,
  execution_id: start.execution_id,
  workflow_id: start.workflow_id,
  workflow_name: start.workflow_name,
  version: start.version,
  initiator: start.initiator,
  ...(start.traceparent === undefined ? {} : { traceparent: start.traceparent }),
});
