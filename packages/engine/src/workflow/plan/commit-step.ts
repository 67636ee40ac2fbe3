import { type ExecutionError, type Json, type JsonObject } from '@aumos/agf-domain/runtime';
import { ERROR_CHANNEL, ERRORS_CHANNEL } from './channels.js';
import { deadlock } from './deadlock.js';
import { disposition } from './disposition.js';
import { executionError, isCatchable } from './failure.js';
import { NextStep } from './next-step.js';
import { NodeError } from './node-error.js';
import type { OutgoingEdges, Plan } from './plan.js';
import { route } from './route.js';
import { StepWrites, applyAll, type ChannelWrites } from './step-writes.js';
import type { Bookkeeping, NodeResult, RejectedVisit, StepCommit } from './step.js';

type Scope = Record<string, Json>;

const byNodeId = (a: NodeResult, b: NodeResult): number => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0);

/** Where a node's ending leads. */
type Ending = { kind: 'edges' } | { kind: 'caught'; target: string } | { kind: 'fatal'; error: ExecutionError };

/**
 * Ends a step: takes its writes in the order of node id, then item; follows the edges; plans the next step.
 * Pure: the same results give the same commit, in whatever order they came.
 * @param scope what expressions see beside the state
 */
export function commitStep(
  plan: Plan,
  scope: Scope,
  state: JsonObject,
  book: Bookkeeping,
  results: readonly NodeResult[],
): StepCommit {
  const writes = new StepWrites(plan.channels, state, book.stateBytes);
  const next = new NextStep(plan, book);
  const rejected: RejectedVisit[] = [];
  for (const result of [...results].sort(byNodeId)) {
    const ending = takeVisits(plan, writes, rejected, result);
    const error = ending.kind === 'fatal' ? ending.error : follow(plan, scope, state, writes, next, result, ending);
    if (error) return { kind: 'failed', error, rejected };
  }
  return { ...finish(plan, next, writes, book), rejected };
}

/** The execution's first step: START's edges, on the initial state. */
export function commitStart(plan: Plan, scope: Scope, state: JsonObject, book: Bookkeeping): StepCommit {
  const next = new NextStep(plan, book);
  const writes = new StepWrites(plan.channels, state, book.stateBytes);
  try {
    followEdges(next, plan.start, { ...scope, state }, { node: null, visit: null });
  } catch (error) {
    if (error instanceof NodeError) return { kind: 'failed', error: error.error, rejected: [] };
    throw error;
  }
  return finish(plan, next, writes, book);
}

/** The first error of the node's visits, in their order, decides where its ending leads. */
function takeVisits(plan: Plan, writes: StepWrites, rejected: RejectedVisit[], result: NodeResult): Ending {
  let ending: Ending = { kind: 'edges' };
  for (const { visit, item, outcome } of result.visits) {
    const site = { node: result.node, visit };
    const refusal = outcome.kind === 'done' ? writes.take(site, outcome.writes) : undefined;
    if (refusal) rejected.push({ ...site, error: refusal });
    const failure = outcome.kind === 'failed' ? outcome : refusal && { error: refusal, open: false };
    if (!failure) continue;
    const what = disposition(plan, result.node, { ...failure, item });
    if (what.kind === 'fatal') return { kind: 'fatal', error: failure.error };
    if (what.kind === 'collected') writes.add(result.node, ERRORS_CHANNEL, failure.error as unknown as Json);
    else if (ending.kind === 'edges') {
      writes.add(result.node, ERROR_CHANNEL, failure.error as unknown as Json);
      if (what.kind === 'caught') ending = what;
    }
  }
  return ending;
}

/** @returns the error that ends the execution, if following the node's edges met one that nothing takes */
function follow(
  plan: Plan,
  scope: Scope,
  state: JsonObject,
  writes: StepWrites,
  next: NextStep,
  result: NodeResult,
  ending: Exclude<Ending, { kind: 'fatal' }>,
): ExecutionError | undefined {
  if (ending.kind === 'caught') {
    next.visit(ending.target);
    return undefined;
  }
  const planned = plan.nodes.get(result.node);
  if (!planned) throw new Error(`"${result.node}" ended, but is no node`);
  try {
    const own = applyAll(plan.channels, state, writes.byNode.get(result.node) ?? (new Map() as ChannelWrites));
    followEdges(
      next,
      planned.out,
      { ...scope, state: own },
      { node: result.node, visit: result.visits.at(-1)?.visit ?? null },
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (planned.node.on_error === undefined || !isCatchable(error.error)) return error.error;
    writes.add(result.node, ERROR_CHANNEL, error.error as unknown as Json);
    next.visit(planned.node.on_error);
    return undefined;
  }
}

function followEdges(
  next: NextStep,
  edges: OutgoingEdges,
  scope: Scope,
  site: { node: string | null; visit: number | null },
): void {
  const routed = route(edges, scope, site);
  for (const target of routed.plain) next.visit(target);
  for (const fan of routed.fans) next.fan(fan.target, fan.items);
  next.arrive(edges.joins);
}

function finish(plan: Plan, next: NextStep, writes: StepWrites, book: Bookkeeping): StepCommit {
  const planned = next.plan();
  const site = { node: null, visit: null };
  if (Object.keys(planned.due).length === 0) {
    const error = deadlock(plan, planned);
    if (error) return { kind: 'failed', error, rejected: [] };
  } else if (planned.step > plan.maxSteps) {
    const error = executionError(site, 'MAX_STEPS', `The execution took all of its ${String(plan.maxSteps)} steps`);
    return { kind: 'failed', error, rejected: [] };
  }
  const written = writes.channelsWritten().filter((name) => plan.declared.has(name));
  return {
    kind: 'next',
    rejected: [],
    writes: writes.byNode,
    book: { ...planned, stateBytes: writes.stateBytes, written: [...new Set([...book.written, ...written])].sort() },
  };
}
