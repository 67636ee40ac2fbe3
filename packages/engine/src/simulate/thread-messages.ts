import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { SimulationError, SimulationScript } from './script.js';
import type { Simulation } from './simulation.js';

/** To the thread: one at a time. A script without functions: they do not travel. */
export interface ThreadJob {
  definition: WorkflowDefinition;
  script: SimulationScript;
  maxResultBytes: number;
}

/** From the thread: `ready` once, then an answer a job. */
export type ThreadAnswer =
  | { kind: 'ready' }
  | { kind: 'done'; simulation: Simulation }
  /** the script does not say how it goes on */
  | { kind: 'fault'; code: SimulationError['code']; message: string; site: SimulationError['site'] }
  | { kind: 'too_large' }
  | { kind: 'failed'; error: unknown };
