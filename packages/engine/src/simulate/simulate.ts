import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';
import { executionStart } from './execution-start.js';
import type { SimulationScript } from './script.js';
import { SimulatedExecution } from './simulated-execution.js';
import type { Simulation } from './simulation.js';
import { SimulationStandsStill, VirtualTime } from './virtual-time.js';

/**
 * A dry run: the definition on the engine's own compiler and graph, in virtual time, with the script's answers in place
 * of tools and people. No I/O. The same script gives the same simulation.
 * @throws SimulationError where the script does not say how it goes on, naming node and visit
 */
export async function simulate(definition: WorkflowDefinition, script: SimulationScript): Promise<Simulation> {
  const start = executionStart(definition, script);
  const time = VirtualTime.from(Date.parse(start.started_at));
  const execution = new SimulatedExecution(start, script, time);
  const ended = execution.toEnd();
  for (;;) {
    try {
      const { simulation, fault } = await time.during(ended);
      if (fault) throw fault;
      return simulation;
    } catch (error) {
      if (!(error instanceof SimulationStandsStill)) throw error;
      if (!execution.sendUnsent()) throw execution.unsent() ?? error;
    }
  }
}
