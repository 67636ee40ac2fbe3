import type { ExecutionError, Json, JsonObject } from '@aumos/agf-domain/runtime';
import type { ExecutionStart } from '../common/index.js';
import type { Bookkeeping } from '../workflow/plan/step.js';
import type { ExecutionRun } from '../workflow/run/execution-run.js';
import { errorOf, type Outcome } from '../workflow/run/outcome.js';
import type { SimulationError, SimulationScript } from './script.js';
import type { SimulatedVisit, SimulatedVisits } from './simulated-visits.js';
import type { VirtualTime } from './virtual-time.js';

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
  /** that nobody sent, in the order in which they came with null (`unsent_signals` of the script) */
  unsent_signals?: UnsentSignal[];
}

/** A signal that a visit waited for in vain. */
export interface UnsentSignal {
  node: string;
  visit: number;
  name: string;
}

export interface Simulated {
  simulation: Simulation;
  outcome: Outcome;
  /** what the script does not answer; nothing of the simulation counts then */
  fault: SimulationError | undefined;
}

/** An execution that is being simulated. */
export interface Simulating {
  toEnd(): Promise<Simulated>;
  /** The signal that it waits for, or one below it. */
  unsent(): SimulationError | undefined;
  cancel(): void;
}

/** Makes one. `clockStands`: told when its clock stands still, and when it runs again. */
export type Simulate = (
  start: ExecutionStart,
  script: SimulationScript,
  time: VirtualTime,
  clockStands?: (stands: boolean) => void,
) => Simulating;

const ended = (outcome: Outcome): Pick<Simulation, 'status' | 'output' | 'error'> => ({
  status: outcome.kind === 'completed' ? 'completed' : 'failed',
  output: outcome.kind === 'completed' ? outcome.output : null,
  error: errorOf(outcome),
});

/** A definition that cannot run is a failed execution, as anywhere. */
export const notRun = (outcome: Outcome): Simulation => ({
  ...ended(outcome),
  visits: [],
  state: {},
  steps: 0,
  duration_ms: 0,
});

export const simulationOf = (
  run: ExecutionRun,
  outcome: Outcome,
  { visits, duration_ms }: { visits: SimulatedVisits; duration_ms: number },
): Simulation => ({
  ...ended(outcome),
  visits: visits.list(),
  state: run.view.state,
  steps: stepsOf(run.view.book),
  duration_ms,
});

/** The last commit plans a step in which nothing is due. */
const stepsOf = ({ step, due }: Bookkeeping): number => (Object.keys(due).length > 0 ? step : Math.max(0, step - 1));
