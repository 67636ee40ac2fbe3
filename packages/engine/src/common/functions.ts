/** What crosses between a function node, its admission, its handler wherever it runs, and its journal. Plain JSON. */
import type { BreakerKey, ExecutionError, Json, JsonObject, Permit } from '@aumos/agf-domain';
import { effectKey } from '@aumos/agf-domain/runtime';
import type { ToolCall, TraceCarrier } from './messages.js';

/** One visit of a function node; `gate`, levels and chain as of a tool's call. */
export interface FunctionCall extends Omit<ToolCall, 'tool' | 'tool_version'> {
  handler: string;
  /** the node's own; absent: the platform's, or none for a local handler */
  task_queue?: string;
  /** of the visit, in a segment that could not wait for the next one */
  attempts_before?: number;
}

/**
 * Whether the handler may run. `completed`: it had run before. `refused` is not journalled: the same visit may ask again
 * once the breaker closed. Under the permit the handler runs with all its retries.
 */
export type FunctionAdmission =
  { kind: 'admitted'; permit: Permit } | { kind: 'completed'; result: Json } | FunctionRefusal;

export interface FunctionRefusal {
  kind: 'refused';
  error: ExecutionError;
  key: BreakerKey;
  retry_after_ms: number;
}

/** What a visit of a local handler came to. */
export type FunctionOutcome = Exclude<FunctionAdmission, { kind: 'admitted' }>;

/** How an admitted visit ended, its retries included. */
export type HandlerOutcome = { kind: 'completed'; reply: HandlerReply } | { kind: 'failed'; error: ExecutionError };

export interface FunctionSettlement {
  call: Omit<FunctionCall, 'ended' | 'steps'>;
  permit: Permit;
  /** RFC 3339: when the visit was admitted */
  started_at: string;
  outcome: HandlerOutcome;
}

/** The one argument of the activity {@link HANDLER_ACTIVITY}: what a handler's worker is told of a visit. */
export interface HandlerCall extends TraceCarrier {
  /** first of all members: what has it stays in the history, for a team's worker cannot reach what is kept beside it */
  inline?: true;
  handler: string;
  arguments: JsonObject;
  tenant_id: string;
  execution_id: string;
  workflow: { id: string; name: string; version: number };
  node: string;
  visit: number;
  /** index within a for-each */
  item: number | null;
  /** `execution/node/visit`: the same for every attempt */
  effect_key: string;
}

export const handlerCallOf = ({
  ref,
  node,
  visit,
  item,
  handler,
  arguments: args,
}: Omit<FunctionCall, 'ended' | 'steps'>): HandlerCall => ({
  inline: true,
  handler,
  arguments: args,
  tenant_id: ref.tenant_id,
  execution_id: ref.execution_id,
  workflow: { id: ref.workflow_id, name: ref.workflow_name, version: ref.version },
  node,
  visit,
  item,
  effect_key: effectKey(ref.execution_id, node, visit),
  ...(ref.traceparent === undefined ? {} : { traceparent: ref.traceparent }),
});

/** What the activity {@link HANDLER_ACTIVITY} answers. */
export interface HandlerReply {
  result: Json;
  /** the attempt that answered, from 1 */
  attempt: number;
  duration_ms: number;
}

/** The one activity type by which every handler is called, whatever its name: workers are free to have any handlers. */
export const HANDLER_ACTIVITY = 'runHandler';
/** No worker took the call from its queue in time. */
export const NO_WORKER = 'NO_WORKER';
/** The handler was begun, and neither ended nor was heard of in its time. */
export const HANDLER_TIMEOUT = 'HANDLER_TIMEOUT';
/** What a handler threw without naming it; its text stays in its process. */
export const HANDLER_FAILED = 'HANDLER_FAILED';
/** The worker that took the call has no handler of that name. */
export const UNKNOWN_HANDLER = 'UNKNOWN_HANDLER';

/** Bytes of JSON that one call's arguments or result may have: Temporal refuses payloads of 2 MiB. */
export const PAYLOAD_BYTES = 1_400_000;
/** A call waits so long for a worker of its queue, where no setting says otherwise. */
export const WORKER_WAIT_SECONDS = 300;
