export { simulate } from './simulate.js';
export type { Simulation, UnsentSignal } from './simulation.js';
export { SimulationLimitError, SimulationsBusyError } from './simulation-limit.js';
export { SimulationThreads, type SimulationThreadsOptions } from './simulation-threads.js';
export type { SimulatedApproval, SimulatedVisit } from './simulated-visits.js';
export {
  SimulationError,
  type ChildScript,
  type FunctionAnswer,
  type ModelAnswer,
  type ModelTurn,
  type PersonAnswer,
  type ScriptedSignal,
  type SimulatedCall,
  type SimulatedFunction,
  type SimulatedTurn,
  type SimulatedWorkflow,
  type SimulatedWorkflowCall,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
  type WorkflowAnswer,
  type WorkflowReply,
} from './script.js';
