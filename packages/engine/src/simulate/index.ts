export { simulate, type Simulation } from './simulate.js';
export type { SimulatedApproval, SimulatedVisit } from './simulated-visits.js';
export {
  SimulationError,
  type PersonAnswer,
  type ScriptedSignal,
  type SimulatedCall,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
} from './script.js';
