import type { Json } from '@aumos/agf-domain/runtime';

/** Lines of the worker's own log; nothing of it goes to the platform. */
export interface HandlerLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What a handler knows of the visit it runs for. */
export interface HandlerContext {
  tenant_id: string;
  execution_id: string;
  workflow: { id: string; name: string; version: number };
  node: string;
  /** the nth time this node runs in its execution, from 1 */
  visit: number;
  /** index within a for-each, else null */
  item: number | null;
  /** `execution/node/visit`: the same for every attempt. Give it to whatever must take effect once. */
  effect_key: string;
  /** from 1 */
  attempt: number;
  /** aborts when the execution is cancelled, the time is over, or this worker shuts down */
  signal: AbortSignal;
  /** Tells how far it is. That it is alive is told by itself. */
  heartbeat(details?: Json): void;
  /** what the attempt before told last, or null */
  last_heartbeat: Json;
  log: HandlerLog;
  /** W3C trace context of the start, to hand on */
  traceparent: string | undefined;
}
