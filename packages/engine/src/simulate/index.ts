export { simulate, type Simulation } from './simulate.js';
export type { SimulatedApproval, SimulatedVisit } from './simulated-visits.js';
export {
  SimulationError,
  type FunctionAnswer,
  type PersonAnswer,
  type SimulatedCall,
  type SimulatedFunction,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
} from './script.js';
