export { simulate } from './simulate.js';
export type { Simulation } from './simulation.js';
export type { SimulatedApproval, SimulatedVisit } from './simulated-visits.js';
export {
  SimulationError,
  type ChildScript,
  type PersonAnswer,
  type SimulatedCall,
  type SimulatedWorkflow,
  type SimulatedWorkflowCall,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
  type WorkflowReply,
} from './script.js';
