import {
  MAX_SECONDS,
  type AgentNode,
  type FunctionNode,
  type RetryPolicy,
  type ToolNode,
  type ToolSpec,
  type WorkflowNode,
} from '@aumos/agf-domain/runtime';
import { LOCAL_SECONDS } from '../plan/local-step.js';

const DEFAULT_ATTEMPTS = 3;
/** One attempt of a handler, where its node says nothing. */
const HANDLER_SECONDS = 300;

/** One attempt of a model's turn, where the node says nothing. */
const TURN_SECONDS = 120;

/** How often a call is tried, and how long after a failed attempt. */
export interface RetrySchedule {
  maxAttempts: number;
  initialMs: number;
  backoff: number;
  /** absent: a hundred times the first interval, which is Temporal's own */
  maxMs?: number;
  nonRetryable: string[];
}

export const timeoutSeconds = (node: ToolNode, spec: ToolSpec): number => node.timeout_seconds ?? spec.timeout_seconds;

export const functionTimeoutSeconds = (node: FunctionNode): number =>
  node.timeout_seconds ?? (node.placement === 'local' ? LOCAL_SECONDS : HANDLER_SECONDS);

/** Temporal's: the longest interval between attempts, in first ones. */
const INTERVALS_AT_MOST = 100;
const MAX_MS = MAX_SECONDS * 1000;

/** From a failed attempt to the next one. @param attempt the failed one, from 1 */
export const intervalMs = ({ initialMs, backoff, maxMs }: RetrySchedule, attempt: number): number =>
  Math.min(initialMs * backoff ** (attempt - 1), maxMs ?? initialMs * INTERVALS_AT_MOST);

/** What is left of it after so many attempts. */
export const scheduleAfter = (schedule: RetrySchedule, attempts: number): RetrySchedule =>
  attempts === 0
    ? schedule
    : {
        ...schedule,
        maxAttempts: Math.max(1, schedule.maxAttempts - attempts),
        initialMs: intervalMs(schedule, attempts + 1),
        maxMs: schedule.maxMs ?? schedule.initialMs * INTERVALS_AT_MOST,
      };

/** Defaults: the definition language, "Nodes". */
export const retrySchedule = (node: ToolNode, spec: ToolSpec): RetrySchedule =>
  scheduleOf(node.retry, spec.idempotent ? DEFAULT_ATTEMPTS : 1);

/** A handler is handed the effect key: it counts as idempotent. */
export const functionSchedule = (node: FunctionNode): RetrySchedule => scheduleOf(node.retry, DEFAULT_ATTEMPTS);

/** An agent's limits and retries are those of each turn of its model. */
export const turnTimeoutSeconds = (node: AgentNode): number => node.timeout_seconds ?? TURN_SECONDS;

export const turnSchedule = (node: AgentNode): RetrySchedule => scheduleOf(node.retry, DEFAULT_ATTEMPTS);

/** A child has tried its own nodes as they say: it is run again only where its node says so. */
export const childSchedule = (node: WorkflowNode): RetrySchedule =>
  scheduleOf(node.retry, node.retry === undefined ? 1 : DEFAULT_ATTEMPTS);

/** Temporal refuses intervals that overflow, or a longest one that is shorter than the first: with it the whole workflow task. */
function scheduleOf(retry: RetryPolicy = {}, attempts: number): RetrySchedule {
  const { initial_interval_ms = 1000, max_interval_ms } = retry;
  const maxMs = max_interval_ms === undefined ? undefined : Math.min(max_interval_ms, MAX_MS);
  return {
    maxAttempts: Math.max(1, retry.max_attempts ?? attempts),
    initialMs: Math.min(initial_interval_ms, maxMs ?? MAX_MS / INTERVALS_AT_MOST),
    backoff: retry.backoff ?? 2,
    ...(maxMs === undefined ? {} : { maxMs }),
    nonRetryable: retry.non_retryable ?? [],
  };
}
