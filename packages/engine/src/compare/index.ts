export { compareExecution, type ExecutionComparison, type Simulates } from './compare-execution.js';
export {
  compareRuns,
  type ApprovalDifference,
  type CallDifference,
  type EndDifference,
  type NodeDifference,
  type OrderDifference,
  type OutcomeDifference,
  type RunDifferences,
} from './compare-runs.js';
export {
  isOfDefinition,
  type RecordedApproval,
  type RecordedExecution,
  type RecordedSignal,
  type RecordedVisit,
} from './recorded-execution.js';
export { recordedScript, UNRECORDED } from './recorded-script.js';
export { recordedRun, simulatedRun, type Run, type RunApproval, type RunVisit } from './run.js';
