import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';

const DEFAULT_ATTEMPTS = 3;

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

/** Defaults: the definition language, "Nodes". */
export function retrySchedule(node: ToolNode, spec: ToolSpec): RetrySchedule {
  const retry = node.retry ?? {};
  return {
    maxAttempts: Math.max(1, retry.max_attempts ?? (spec.idempotent ? DEFAULT_ATTEMPTS : 1)),
    initialMs: retry.initial_interval_ms ?? 1000,
    backoff: retry.backoff ?? 2,
    ...(retry.max_interval_ms === undefined ? {} : { maxMs: retry.max_interval_ms }),
    nonRetryable: retry.non_retryable ?? [],
  };
}
