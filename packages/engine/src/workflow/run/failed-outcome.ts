import { executionError } from '../plan/failure.js';
import { NodeError, expressionFailure } from '../plan/node-error.js';
import type { VisitOutcome } from '../plan/step.js';
import type { Runtime } from './runtime.js';
import type { Site } from './site.js';

/** What a visit threw, as its end. */
export function failedOutcome(
  runtime: Pick<Runtime, 'isCancellation'>,
  thrown: unknown,
  site: Site,
): Extract<VisitOutcome, { kind: 'failed' }> {
  if (runtime.isCancellation(thrown))
    return { kind: 'failed', error: executionError(site, 'CANCELLED', 'The visit was cancelled'), open: false };
  const error = expressionFailure(thrown, site);
  if (error instanceof NodeError) return { kind: 'failed', error: { ...error.error, ...site }, open: error.open };
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { kind: 'failed', error: executionError(site, 'INTERNAL_ERROR', text), open: false };
}
