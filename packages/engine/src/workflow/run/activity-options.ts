import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import { HEARTBEAT_TIMEOUT } from '../../common/index.js';

const DEFAULT_ATTEMPTS = 3;

/** Temporal's names of a lost attempt: whether it had its effect is unknown. */
const LOST_ATTEMPT = ['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'];

export const timeoutSeconds = (node: ToolNode, spec: ToolSpec): number => node.timeout_seconds ?? spec.timeout_seconds;

export const maxAttempts = (node: ToolNode, spec: ToolSpec): number =>
  Math.max(1, node.retry?.max_attempts ?? (spec.idempotent ? DEFAULT_ATTEMPTS : 1));

/** The node's retry policy and limits as Temporal's. Defaults: the definition language, "Nodes". */
export function toolActivityOptions(node: ToolNode, spec: ToolSpec): ActivityOptions {
  const retry = node.retry ?? {};
  return {
    startToCloseTimeout: timeoutSeconds(node, spec) * 1000,
    heartbeatTimeout: node.heartbeat_seconds === undefined ? HEARTBEAT_TIMEOUT : node.heartbeat_seconds * 1000,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `${node.id}: ${node.tool}`,
    retry: {
      maximumAttempts: maxAttempts(node, spec),
      initialInterval: retry.initial_interval_ms ?? 1000,
      backoffCoefficient: retry.backoff ?? 2,
      ...(retry.max_interval_ms === undefined ? {} : { maximumInterval: retry.max_interval_ms }),
      nonRetryableErrorTypes: [...(retry.non_retryable ?? []), ...(spec.idempotent ? [] : LOST_ATTEMPT)],
    },
  };
}
