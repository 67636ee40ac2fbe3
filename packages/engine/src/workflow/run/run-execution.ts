import type { ExecutionRun } from './execution-run.js';
import type { Outcome } from './outcome.js';
import { outputOf } from './output-of.js';
import { runGraph } from './run-graph.js';

/** Runs a plan to its outcome, in its time. Never throws. */
export async function runExecution(run: ExecutionRun): Promise<Outcome> {
  try {
    run.clock.start();
    await run.scope.run(() => runGraph(run));
    return { kind: 'completed', output: outputOf(run), compensations: run.compensations };
  } catch (error) {
    return run.ending ?? run.runtime.endingOf(error);
  } finally {
    run.clock.stop();
  }
}
