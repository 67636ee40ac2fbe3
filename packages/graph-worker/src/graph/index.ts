/** For the module of graphs: what their nodes do beyond computing. It runs in Temporal's sandbox. */
export { callFunction, callTool, execution, type CallOptions, type FunctionCallOptions } from './calls.js';
export type { Decision } from './decision.js';
export { GraphCallError, GraphError } from './errors.js';
