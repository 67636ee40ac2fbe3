import type { ExecutionError, Json } from '@aumos/agf-domain/runtime';
import type { Compensation } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { PlanError } from '../plan/plan.js';
import type { Ending } from './ending.js';

export type Outcome = { kind: 'completed'; output: Json; compensations?: Compensation[] } | Ending;

export const NOWHERE = { node: null, visit: null };

/** The error an outcome is recorded with. */
export function errorOf(outcome: Outcome): ExecutionError | null {
  if (outcome.kind === 'completed') return null;
  return outcome.kind === 'failed'
    ? outcome.error
    : executionError(NOWHERE, 'CANCELLED', 'The execution was cancelled');
}

/** What was thrown, as the execution's failure. */
export function failureOf(error: unknown): Ending {
  if (error instanceof NodeError) return { kind: 'failed', error: error.error };
  if (error instanceof PlanError) return { kind: 'failed', error: executionError(NOWHERE, error.code, error.message) };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'failed', error: executionError(NOWHERE, 'INTERNAL_ERROR', text) };
}
