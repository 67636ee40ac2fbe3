import { ApplicationFailure, ChildWorkflowFailure, isCancellation } from '@temporalio/workflow';
import type { ExecutionError } from '@aumos/agf-domain/runtime';
import type { ExecutionStart } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { childFailed } from '../run/child-failed.js';
import { NOWHERE } from '../run/outcome.js';

/** What a child ended with, as its visit's error; what is no child's end passes unchanged. */
export function childFailure(error: unknown, start: ExecutionStart): unknown {
  if (!(error instanceof ChildWorkflowFailure)) return error;
  return new NodeError(childFailed(start, causeOf(error)));
}

function causeOf(error: ChildWorkflowFailure): ExecutionError {
  if (isCancellation(error)) return executionError(NOWHERE, 'CANCELLED', 'The execution was cancelled');
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure))
    return executionError(NOWHERE, 'INTERNAL_ERROR', 'The workflow ended without its outcome');
  const detail = cause.details?.[0] as ExecutionError | undefined;
  return detail ?? executionError(NOWHERE, cause.type ?? 'INTERNAL_ERROR', cause.message);
}
