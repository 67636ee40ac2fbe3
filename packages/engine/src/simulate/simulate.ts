import type { ExecutionError, Json, JsonObject, WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { ExecutionStart } from '../common/index.js';
import { compilePlan } from '../workflow/plan/compile-plan.js';
import type { Bookkeeping } from '../workflow/plan/step.js';
import { ExecutionRun } from '../workflow/run/execution-run.js';
import { errorOf, failureOf, type Outcome } from '../workflow/run/outcome.js';
import { runExecution } from '../workflow/run/run-execution.js';
import type { Runtime, VisitBook } from '../workflow/run/runtime.js';
import { executionStart } from './execution-start.js';
import { SimulationError, type SimulationScript } from './script.js';
import { SimulatedRuntime } from './simulated-runtime.js';
import { SimulatedVisits, type SimulatedVisit } from './simulated-visits.js';
import { SimulationStandsStill, VirtualTime } from './virtual-time.js';

/** What an execution would come to. */
export interface Simulation {
  status: 'completed' | 'failed';
  output: Json;
  error: ExecutionError | null;
  /** in the order of step, node, visit */
  visits: SimulatedVisit[];
  /** the last one; of a failed execution, that in which its last step began */
  state: JsonObject;
  /** that began */
  steps: number;
  /** virtual time from start to end, waits for people included */
  duration_ms: number;
}

/**
 * A dry run: the definition on the engine's own compiler and graph, in virtual time, with the script's answers in place
 * of tools and people. No I/O. The same script gives the same simulation.
 * @throws SimulationError where the script does not say how it goes on, naming node and visit
 */
export async function simulate(definition: WorkflowDefinition, script: SimulationScript): Promise<Simulation> {
  const start = executionStart(definition, script);
  const startedMs = Date.parse(start.started_at);
  const time = new VirtualTime(startedMs);
  const visits = new SimulatedVisits();
  const runtime = new SimulatedRuntime(time, script, visits);
  const run = runOf(start, { runtime, visits });
  if (!(run instanceof ExecutionRun)) return { ...ended(run), visits: [], state: {}, steps: 0, duration_ms: 0 };
  runtime.onFault = () => {
    run.end({ kind: 'cancelled' });
  };
  (script.signals ?? []).forEach(({ name, payload = null, after_ms = 0 }, i) => {
    time.schedule(after_ms, () => run.commands.signal({ id: String(i), name, payload }));
  });
  const outcome = await time.during(runExecution(run)).catch((error: unknown) => {
    throw error instanceof SimulationStandsStill ? (unsent(run) ?? error) : error;
  });
  if (runtime.fault) throw runtime.fault;
  return {
    ...ended(outcome),
    visits: visits.list(),
    state: run.view.state,
    steps: stepsOf(run.view.book),
    duration_ms: time.now() - startedMs,
  };
}

/** A definition that cannot run is a failed execution, as anywhere. */
function runOf(start: ExecutionStart, shared: { runtime: Runtime; visits: VisitBook }): ExecutionRun | Outcome {
  try {
    return new ExecutionRun(start, compilePlan(start.definition), { ref: start, ...shared });
  } catch (error) {
    return failureOf(error);
  }
}

const ended = (outcome: Outcome): Pick<Simulation, 'status' | 'output' | 'error'> => ({
  status: outcome.kind === 'completed' ? 'completed' : 'failed',
  output: outcome.kind === 'completed' ? outcome.output : null,
  error: errorOf(outcome),
});

/** The signal that it waits for, for ever. */
function unsent(run: ExecutionRun): SimulationError | undefined {
  const [wait] = run.commands.signals.awaited();
  return wait && new SimulationError('UNANSWERED', `no signal "${wait.name}"`, wait.site);
}

/** The last commit plans a step in which nothing is due. */
const stepsOf = ({ step, due }: Bookkeeping): number => (Object.keys(due).length > 0 ? step : Math.max(0, step - 1));
