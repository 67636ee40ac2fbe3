export * from './messages.js';
export * from './functions.js';
export * from './timing.js';
export * from './breaker-outcome.js';
export * from './never-retried.js';
export * from './child-start.js';
export * from './team-graphs.js';
