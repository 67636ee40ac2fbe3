import type { CallOutcome, ExecutionError } from '@aumos/agf-domain';

/** Causes that say nothing of the workflow's own health. Source: the definition language, "Breakers and limits". */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set([
  'CIRCUIT_OPEN',
  'APPROVAL_REJECTED',
  'APPROVAL_EXPIRED',
  'CANCELLED',
  'PRIVILEGE_DENIED',
  'VALIDATION_ERROR',
  'INVALID_ARGUMENTS',
  'INVALID_INPUT',
]);

/** What an execution's end tells the breaker of its workflow. A child's failure was reported by the child. */
export function breakerOutcome(error: ExecutionError | null): CallOutcome {
  if (error === null) return 'success';
  return NOT_ITS_FAULT.has(error.code) || 'cause' in error.details ? 'ignored' : 'failure';
}
