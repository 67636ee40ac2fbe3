import { isSignOfIllness, type CallOutcome, type ExecutionError } from '@aumos/agf-domain/runtime';

/** What an execution's end tells the breaker of its workflow. A child's failure was reported by the child. */
export function breakerOutcome(error: ExecutionError | null): CallOutcome {
  if (error === null) return 'success';
  const counts = isSignOfIllness({ code: error.code, fault: error.details['fault'] });
  return counts && !('cause' in error.details) ? 'failure' : 'ignored';
}
