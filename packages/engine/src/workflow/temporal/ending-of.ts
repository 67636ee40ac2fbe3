import { ActivityFailure, ApplicationFailure, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { Json } from '@aumos/agf-domain/runtime';
import type { ChildResult } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import type { Ending } from '../run/ending.js';
import { NOWHERE, failureOf, type Outcome } from '../run/outcome.js';

/** What ended the execution, where nobody named it before. */
export function endingOf(error: unknown): Ending {
  if (isCancellation(error)) return { kind: 'cancelled' };
  // A local activity's failure comes without Temporal's wrapping.
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return failureOf(error);
  const { type, message } = cause;
  // The row was cancelled before the workflow began.
  if (type === 'CANCELLED') return { kind: 'cancelled' };
  return { kind: 'failed', error: executionError(NOWHERE, type ?? 'INTERNAL_ERROR', message) };
}

/** The outcome as the workflow's own: a child hands over what its parent would have to undo. @throws ApplicationFailure, CancelledFailure */
export function conclude(outcome: Outcome, isChild: boolean): Json | ChildResult {
  if (outcome.kind === 'completed') {
    const { output, compensations = [] } = outcome;
    return isChild ? { output, compensations } : output;
  }
  if (outcome.kind === 'cancelled') throw new CancelledFailure('The execution was cancelled');
  const { error } = outcome;
  throw ApplicationFailure.nonRetryable(error.message, error.code, error);
}
