import type { ExecutionError } from '../errors/codes.js';
import { healthOf } from '../errors/fault.js';
import type { BreakerConfig, CallOutcome } from './breaker.js';

/**
 * What a call's end tells one breaker of its chain; null: it went well. Links differ: each has `ignored_errors` of its
 * own beside what says nothing of health anywhere (`healthOf`).
 */
export function callOutcome(
  error: Pick<ExecutionError, 'code' | 'details'> | null,
  { ignored_errors = [] }: Pick<BreakerConfig, 'ignored_errors'>,
): CallOutcome {
  return error !== null && ignored_errors.includes(error.code) ? 'ignored' : healthOf(error);
}
