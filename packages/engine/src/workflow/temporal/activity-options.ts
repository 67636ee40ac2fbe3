import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import { HEARTBEAT_TIMEOUT } from '../../common/index.js';
import { retrySchedule, timeoutSeconds } from '../run/call-policy.js';

/** Temporal's names of a lost attempt: whether it had its effect is unknown. */
const LOST_ATTEMPT = ['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'];

/** The node's retry policy and limits as Temporal's. */
export function toolActivityOptions(node: ToolNode, spec: ToolSpec): ActivityOptions {
  const { maxAttempts, initialMs, backoff, maxMs, nonRetryable } = retrySchedule(node, spec);
  return {
    startToCloseTimeout: timeoutSeconds(node, spec) * 1000,
    heartbeatTimeout: node.heartbeat_seconds === undefined ? HEARTBEAT_TIMEOUT : node.heartbeat_seconds * 1000,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `${node.id}: ${node.tool}`,
    retry: {
      maximumAttempts: maxAttempts,
      initialInterval: initialMs,
      backoffCoefficient: backoff,
      ...(maxMs === undefined ? {} : { maximumInterval: maxMs }),
      nonRetryableErrorTypes: [...nonRetryable, ...(spec.idempotent ? [] : LOST_ATTEMPT)],
    },
  };
}
