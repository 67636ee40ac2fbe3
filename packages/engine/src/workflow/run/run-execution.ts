import type { ExecutionRun } from './execution-run.js';
import type { Outcome } from './outcome.js';
import { outputOf } from './output-of.js';
import { runGraph } from './run-graph.js';

/** Runs a plan to its outcome, in its time; what did not complete is undone, however long that takes. Never throws. */
export async function runExecution(run: ExecutionRun): Promise<Outcome> {
  const outcome = await inTime(run);
  if (outcome.kind !== 'completed') await run.compensations.undo(run.view);
  return outcome;
}

async function inTime(run: ExecutionRun): Promise<Outcome> {
  try {
    run.clock.start();
    await run.scope.run(() => runGraph(run));
    return { kind: 'completed', output: outputOf(run), compensations: run.compensations.handed(run.ref.execution_id) };
  } catch (error) {
    return run.ending ?? run.runtime.endingOf(error);
  } finally {
    run.clock.stop();
  }
}
