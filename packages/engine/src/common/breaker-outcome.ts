import { healthOf, type CallOutcome, type ExecutionError } from '@aumos/agf-domain/runtime';

/** What an execution's end tells the breaker of its workflow. A child's failure was reported by the child. */
export function breakerOutcome(error: ExecutionError | null): CallOutcome {
  const outcome = healthOf(error);
  return outcome === 'failure' && error !== null && 'cause' in error.details ? 'ignored' : outcome;
}
