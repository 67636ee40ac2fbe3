import { healthOf, type CallOutcome, type ExecutionError } from '@aumos/agf-domain/runtime';

/** What an execution's end tells the breaker of its workflow. A child's failure was reported by the child. */
export function breakerOutcome(error: ExecutionError | null): CallOutcome {
  return error?.code === 'CHILD_FAILED' && 'cause' in error.details ? 'ignored' : healthOf(error);
}
