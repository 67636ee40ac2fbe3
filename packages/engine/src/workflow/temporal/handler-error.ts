import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { ExecutionError } from '@aumos/agf-domain/runtime';
import { HANDLER_FAILED, HANDLER_TIMEOUT, NO_WORKER, UNKNOWN_HANDLER } from '../../common/index.js';
import { executionError, isExecutionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { wasToStop } from './activity-error.js';

/** Temporal's, of a worker that has no such activity: it takes handlers' calls, and runs none. */
export const NO_SUCH_ACTIVITY = 'NotFoundError';

/** What a handler's activity ended with, as its node's error; a cancellation passes unchanged. */
export function handlerError(error: unknown, site: ErrorSite, maxAttempts: number): unknown {
  if (isCancellation(error)) return error;
  if (wasToStop(error)) return new CancelledFailure('Cancelled before the next attempt');
  // A local activity's failure comes without Temporal's wrapping.
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const most = error instanceof ActivityFailure && error.retryState === 'MAXIMUM_ATTEMPTS_REACHED';
  const attempts = most ? maxAttempts : 1;
  if (cause instanceof TimeoutFailure) return new NodeError(timedOut(cause, site, attempts));
  if (!(cause instanceof ApplicationFailure)) return error;
  const detail = cause.details?.[0];
  if (isExecutionError(detail)) return new NodeError({ ...detail, ...site });
  const [code, text] =
    cause.type === NO_SUCH_ACTIVITY
      ? [UNKNOWN_HANDLER, 'The worker of this queue runs no handlers']
      : [HANDLER_FAILED, 'The handler failed'];
  return new NodeError(executionError(site, code, text, {}, attempts));
}

function timedOut({ timeoutType }: TimeoutFailure, site: ErrorSite, attempts: number): ExecutionError {
  const details = { timeout: timeoutType ?? null };
  if (timeoutType === 'SCHEDULE_TO_START')
    return executionError(site, NO_WORKER, 'No worker took the call from its queue in time', details, 0);
  return executionError(site, HANDLER_TIMEOUT, 'The handler did not end in time', details, attempts);
}
