import { initialState } from '@aumos/agf-domain/runtime';
import { buildGraph, type StepView } from '../graph/build-graph.js';
import { commitStart } from '../plan/commit-step.js';
import { firstBook } from '../plan/first-book.js';
import { ExecutionEnding } from './ending.js';
import type { ExecutionRun } from './execution-run.js';

/** Runs the plan on LangGraph until nothing is left. @throws ExecutionEnding once `run.ending` says why */
export async function runGraph(run: ExecutionRun): Promise<StepView> {
  const state = initialState(run.plan.channels);
  const first = commitStart(run.plan, run.expressionScope, state, firstBook(state));
  if (first.kind === 'failed') {
    run.end(first);
    throw new ExecutionEnding();
  }
  if (Object.keys(first.book.due).length === 0) return { state, book: first.book };
  return buildGraph(run.plan).run(first, run);
}
