export { simulate, type Simulation } from './simulate.js';
export { SimulationLimitError, SimulationsBusyError } from './simulation-limit.js';
export { SimulationThreads, type SimulationThreadsOptions } from './simulation-threads.js';
export type { SimulatedApproval, SimulatedVisit } from './simulated-visits.js';
export {
  SimulationError,
  type FunctionAnswer,
  type PersonAnswer,
  type ScriptedSignal,
  type SimulatedCall,
  type SimulatedFunction,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
} from './script.js';
