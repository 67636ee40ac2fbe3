import { buildGraph } from '../graph/build-graph.js';
import { commitStart } from '../plan/commit-step.js';
import { ExecutionEnding } from './ending.js';
import type { ExecutionRun } from './execution-run.js';

/** Runs the plan on LangGraph until nothing is left. @throws ExecutionEnding once `run.ending` says why */
export async function runGraph(run: ExecutionRun): Promise<void> {
  const { state, book } = run.view;
  const first = commitStart(run.plan, run.expressionScope, state, book);
  if (first.kind === 'failed') {
    run.end(first);
    throw new ExecutionEnding();
  }
  if (Object.keys(first.book.due).length === 0) run.view = { state, book: first.book };
  else run.view = await buildGraph(run.plan).run(first, run);
}
