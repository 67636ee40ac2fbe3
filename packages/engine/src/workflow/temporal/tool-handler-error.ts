import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { HANDLER_TIMEOUT } from '../../common/index.js';
import { executionError, isExecutionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { handlerError } from './handler-error.js';

/** What a handler's activity ended with that does a tool's work, as its node's error; a cancellation passes unchanged. */
export function toolHandlerError(
  error: unknown,
  site: ErrorSite,
  { idempotent, maxAttempts }: { idempotent: boolean; maxAttempts: number },
): unknown {
  if (!idempotent && isLost(error))
    return new NodeError(
      executionError(site, 'OUTCOME_UNKNOWN', 'The call was lost: whether it had its effect is unknown'),
    );
  const known = handlerError(error, site, maxAttempts);
  if (!(known instanceof NodeError) || known.error.code !== HANDLER_TIMEOUT) return known;
  return new NodeError({ ...known.error, code: 'TOOL_TIMEOUT', message: 'The call did not end in time' });
}

/** It was begun, and nobody says how it ended. */
function isLost(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return cause.timeoutType !== 'SCHEDULE_TO_START';
  return (
    cause instanceof ApplicationFailure && cause.type === 'WorkerShutdown' && !isExecutionError(cause.details?.[0])
  );
}
