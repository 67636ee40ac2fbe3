import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { AgentNode, FunctionNode, ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import { HANDLER_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT } from '../../common/index.js';
import {
  functionSchedule,
  functionTimeoutSeconds,
  retrySchedule,
  scheduleAfter,
  timeoutSeconds,
  turnSchedule,
  turnTimeoutSeconds,
  type RetrySchedule,
} from '../run/call-policy.js';
import { NO_SUCH_ACTIVITY } from './handler-error.js';

/** Temporal's names of a lost attempt: whether it had its effect is unknown. */
const LOST_ATTEMPT = ['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'];

/** The node's retry policy and limits as Temporal's. */
export const toolActivityOptions = (node: ToolNode, spec: ToolSpec): ActivityOptions => ({
  ...optionsOf(node, timeoutSeconds(node, spec), HEARTBEAT_TIMEOUT),
  summary: `${node.id}: ${node.tool}`,
  retry: retryOf(retrySchedule(node, spec), spec.idempotent ? [] : LOST_ATTEMPT),
});

/** The same of a handler that does a tool's work. */
export const toolHandlerOptions = (node: ToolNode, spec: ToolSpec): ActivityOptions => ({
  ...optionsOf(node, timeoutSeconds(node, spec), HANDLER_HEARTBEAT_TIMEOUT),
  summary: `${node.id}: ${node.tool}`,
  retry: retryOf(retrySchedule(node, spec), [NO_SUCH_ACTIVITY, ...(spec.idempotent ? [] : LOST_ATTEMPT)]),
});

/** The same of a handler. @param before attempts that were made already */
export const functionActivityOptions = (node: FunctionNode, before = 0): ActivityOptions => ({
  ...optionsOf(node, functionTimeoutSeconds(node), HANDLER_HEARTBEAT_TIMEOUT),
  summary: `${node.id}: ${node.handler}`,
  retry: retryOf(scheduleAfter(functionSchedule(node), before), [NO_SUCH_ACTIVITY]),
});

/** The same of a turn of an agent's model. */
export const modelActivityOptions = (node: AgentNode): ActivityOptions => ({
  ...optionsOf(node, turnTimeoutSeconds(node), HEARTBEAT_TIMEOUT),
  summary: `${node.id}: ${node.agent}`,
  retry: retryOf(turnSchedule(node), []),
});

/** The same of a turn of a team's executor. */
export const executorActivityOptions = (node: AgentNode): ActivityOptions => ({
  ...optionsOf(node, turnTimeoutSeconds(node), HANDLER_HEARTBEAT_TIMEOUT),
  summary: `${node.id}: ${node.agent}`,
  retry: retryOf(turnSchedule(node), [NO_SUCH_ACTIVITY]),
});

const optionsOf = (
  { heartbeat_seconds }: ToolNode | FunctionNode | AgentNode,
  seconds: number,
  heartbeat: ActivityOptions['heartbeatTimeout'],
): ActivityOptions => ({
  // Less than a millisecond may round to none, which Temporal refuses.
  startToCloseTimeout: Math.max(1, seconds * 1000),
  heartbeatTimeout: heartbeat_seconds === undefined ? heartbeat : heartbeat_seconds * 1000,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

const retryOf = (
  { maxAttempts, initialMs, backoff, maxMs, nonRetryable }: RetrySchedule,
  besides: readonly string[],
): ActivityOptions['retry'] => ({
  maximumAttempts: maxAttempts,
  initialInterval: initialMs,
  backoffCoefficient: backoff,
  ...(maxMs === undefined ? {} : { maximumInterval: maxMs }),
  nonRetryableErrorTypes: [...nonRetryable, ...besides],
});
