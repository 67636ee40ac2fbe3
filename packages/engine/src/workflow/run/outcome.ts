import { ActivityFailure, ApplicationFailure, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { ExecutionError, Json } from '@aumos/agf-domain/runtime';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { PlanError } from '../plan/plan.js';
import type { Ending } from './ending.js';

export type Outcome = { kind: 'completed'; output: Json } | Ending;

const NOWHERE = { node: null, visit: null };

/** The error an outcome is recorded with. */
export function errorOf(outcome: Outcome): ExecutionError | null {
  if (outcome.kind === 'completed') return null;
  return outcome.kind === 'failed'
    ? outcome.error
    : executionError(NOWHERE, 'CANCELLED', 'The execution was cancelled');
}

/** What ended the execution, where nobody named it before. */
export function endingOf(error: unknown): Ending {
  if (isCancellation(error)) return { kind: 'cancelled' };
  if (error instanceof NodeError) return { kind: 'failed', error: error.error };
  if (error instanceof PlanError) return { kind: 'failed', error: executionError(NOWHERE, error.code, error.message) };
  // A local activity's failure comes without Temporal's wrapping.
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const { type, message } = cause;
    // The row was cancelled before the workflow began.
    if (type === 'CANCELLED') return { kind: 'cancelled' };
    return { kind: 'failed', error: executionError(NOWHERE, type ?? 'INTERNAL_ERROR', message) };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'failed', error: executionError(NOWHERE, 'INTERNAL_ERROR', text) };
}

/** The outcome as the workflow's own. @throws ApplicationFailure, CancelledFailure */
export function conclude(outcome: Outcome): Json {
  if (outcome.kind === 'completed') return outcome.output;
  if (outcome.kind === 'cancelled') throw new CancelledFailure('The execution was cancelled');
  const { error } = outcome;
  throw ApplicationFailure.nonRetryable(error.message, error.code, error);
}
