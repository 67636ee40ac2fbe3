import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { executionError, isExecutionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';

/** Types whose thrower does not know either whether the call had its effect. */
const UNSURE: ReadonlySet<string> = new Set(['INTERNAL_ERROR', 'WorkerShutdown']);

/** An attempt failed when it was cancelled already: there may have been a next one. */
export const wasToStop = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED';

/** What a tool's activity ended with, as its node's error; other errors pass unchanged. */
export function activityError(
  error: unknown,
  site: ErrorSite,
  call: { idempotent: boolean; maxAttempts: number },
): unknown {
  if (!(error instanceof ActivityFailure)) return error;
  const attempts = error.retryState === 'MAXIMUM_ATTEMPTS_REACHED' ? call.maxAttempts : 1;
  const cause = error.cause;
  if (cause instanceof TimeoutFailure) {
    const [code, text] = call.idempotent
      ? ['TOOL_TIMEOUT', 'The call did not end in time']
      : ['OUTCOME_UNKNOWN', 'The call was lost: whether it had its effect is unknown'];
    return new NodeError(executionError(site, code, text, { timeout: cause.timeoutType ?? null }, attempts));
  }
  if (!(cause instanceof ApplicationFailure)) return error;
  const type = cause.type ?? 'INTERNAL_ERROR';
  const detail = cause.details?.[0];
  const known = isExecutionError(detail) ? detail : executionError(site, type, cause.message, {}, attempts);
  if (!call.idempotent && UNSURE.has(type))
    return new NodeError({
      ...known,
      ...site,
      code: 'OUTCOME_UNKNOWN',
      message: 'The call was lost: whether it had its effect is unknown',
    });
  if (wasToStop(error)) return new CancelledFailure('Cancelled before the next attempt');
  return new NodeError({ ...known, ...site });
}
