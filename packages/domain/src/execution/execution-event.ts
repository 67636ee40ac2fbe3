import type { JsonObject } from '../json/json.js';

/**
 * What a follower of one execution sees, in its order. Names: the stream of the platform's REST conventions, and
 * `workflow_start`, `hitl_resume`, `pause`, `resume`, `signal` and `wait` beside them.
 * `token` is text of an agent's model while it speaks: {node, visit, turn, attempt, text, reset?}. The texts of a turn
 * put together are what it said; one with `reset` begins that text anew.
 */
export const EXECUTION_EVENT_TYPES = [
  'workflow_start',
  'token',
  'tool_start',
  'tool_end',
  'node_complete',
  'hitl_pause',
  'hitl_resume',
  'pause',
  'resume',
  'signal',
  'wait',
  'workflow_complete',
  'error',
] as const;
export type ExecutionEventType = (typeof EXECUTION_EVENT_TYPES)[number];

/** One entry of an execution's own log; `seq` counts from 1 without a gap. */
export interface ExecutionEvent {
  type: ExecutionEventType;
  data: JsonObject;
}

/** After these nothing follows: a completed execution, and one that failed or was cancelled. */
export const isLastEvent = (type: ExecutionEventType): boolean => type === 'workflow_complete' || type === 'error';
