export { createNodeWorker, type NodeWorker, type NodeWorkerOptions } from './create-node-worker.js';
export { defineHandler, type AnyHandler, type Handler, type HandlerSpec, type Handlers } from './define-handler.js';
export type {
  AgentContext,
  AgentExecutor,
  AgentExecutors,
  AgentStep,
  AgentTurn,
  AgentUsage,
} from './agent-executor.js';
export { callExecutor } from './call-executor.js';
export { HandlerError } from './handler-error.js';
export { callHandler } from './call-handler.js';
export { callSite, type CallSite } from './call-site.js';
export type { HandlerContext, HandlerLog } from './handler-context.js';
export type { ArgumentsOf, HandlerSchema, ReceivedOf, ResultOf, SentTo } from './schema-types.js';
export type { FromJsonSchema, JsonSchemaLiteral } from '@aumos/agf-domain/runtime';
export type { StandardSchema } from './standard-schema.js';
export { nodesQueue } from '@aumos/agf-domain/runtime';
