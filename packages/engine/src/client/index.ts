export * from './start-graph-workflow.js';
export * from './signal-decided.js';
export * from './signal-outcome.js';
export * from './cancel-execution.js';
export * from './closed-executions.js';
export * from './send-command.js';
export * from './worker-versions.js';
export * from './worker-deployments.js';
