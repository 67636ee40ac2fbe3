import { buildGraph, type StepView } from '../graph/build-graph.js';
import type { NextStepCommit } from '../plan/step.js';
import { commitStart } from '../plan/commit-step.js';
import { ExecutionEnding } from './ending.js';
import type { ExecutionRun } from './execution-run.js';
import { stepRecord } from './step-record.js';

/** Runs the plan on LangGraph until nothing is left. @throws ExecutionEnding once `run.ending` says why */
export async function runGraph(run: ExecutionRun): Promise<void> {
  const { state, book } = run.view;
  const first = run.begins ? begun(run.begins) : commitStart(run.plan, run.expressionScope, state, book);
  if (first.kind === 'failed') {
    run.end(first);
    throw new ExecutionEnding();
  }
  if (!run.begins) run.ended.stepped(stepRecord(first));
  run.view = { state, book: first.book };
  await run.segments.ahead();
  if (run.ending) throw new ExecutionEnding();
  if (Object.keys(run.view.book.due).length === 0) return;
  run.view = await buildGraph(run.plan, run.view.state).run(begun(run.view), run);
}

/** The step that another run or execution left; its writes are in the state. */
const begun = ({ book }: StepView): NextStepCommit => ({ kind: 'next', rejected: [], book, writes: new Map() });
