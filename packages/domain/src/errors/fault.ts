import type { CallOutcome } from '../breaker/breaker.js';
import type { ExecutionError } from './codes.js';

/** Whose failure it is: of who called, for what they asked or gave, or of what was called. */
export type Fault = 'caller' | 'tool';

/** Ends that say nothing of the health of what was called. Source: the definition language, "Breakers and limits". */
const NO_SIGN_OF_HEALTH: ReadonlySet<string> = new Set([
  'CIRCUIT_OPEN',
  'APPROVAL_REJECTED',
  'APPROVAL_EXPIRED',
  'CANCELLED',
  'PRIVILEGE_DENIED',
  'ADDRESS_BLOCKED',
  'VALIDATION_ERROR',
  'INVALID_ARGUMENTS',
  'INVALID_INPUT',
  'PAYLOAD_TOO_LARGE',
]);

/**
 * The one rule for all breakers: whether a failure counts against what failed. What a definition does with valid input
 * (EXPRESSION_ERROR, STATE_SCHEMA, NO_EDGE_MATCHED and their like) is the workflow's own: it counts.
 */
export const isSignOfIllness = ({ code, fault }: { code: string; fault?: unknown }): boolean =>
  fault !== 'caller' && !NO_SIGN_OF_HEALTH.has(code);

/** What a call's end tells its breaker; null: it went well. */
export function healthOf(error: Pick<ExecutionError, 'code' | 'details'> | null): CallOutcome {
  if (error === null) return 'success';
  return isSignOfIllness({ code: error.code, fault: error.details['fault'] }) ? 'failure' : 'ignored';
}
