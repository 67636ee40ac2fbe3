/** What crosses between a tool's call and the team's worker that does its work. Plain JSON. */
import type { ExecutionError, Json, Permit, ToolSpec } from '@aumos/agf-domain';
import type { HandlerOutcome } from './functions.js';
import type { ToolCall, ToolCallOutcome } from './messages.js';

/** `changed`: nothing was done, for the tool is another one by now: the call is to be made, and approved, anew. */
export type CalledTool = ToolCallOutcome | { kind: 'changed'; spec: ToolSpec };

/** `admitted`: a handler does the work, on its team's queue, with all its retries under the permit. */
export type ToolDispatch = CalledTool | { kind: 'admitted'; permit: Permit; task_queue: string; handler: string };

/** How an admitted call ended, its retries included. */
export interface ToolSettlement {
  call: Omit<ToolCall, 'ended' | 'steps'>;
  permit: Permit;
  /** RFC 3339: when it was admitted */
  started_at: string;
  outcome: HandlerOutcome;
}

/** `failed`: the handler's result is not what the tool promises. */
export type SettledTool = { kind: 'completed'; result: Json } | { kind: 'failed'; error: ExecutionError };

/** It becomes another one again and again while it is called. */
export const TOOL_CHANGED = 'TOOL_CHANGED';
