import type { FunctionSettlement } from '@aumos/agf-engine/common';
import type { EndedVisit } from '@aumos/agf-persistence';
import { bounded } from '../execution/bounded.js';

export interface HandlerEnd extends Pick<EndedVisit, 'status' | 'output' | 'error'> {
  attempts: number;
  duration_ms: number;
}

/** How an admitted visit ended, as its journal tells it. */
export function handlerEnd({ outcome, started_at }: Pick<FunctionSettlement, 'outcome' | 'started_at'>): HandlerEnd {
  const since = Math.max(0, Date.now() - Date.parse(started_at));
  if (outcome.kind === 'failed') {
    const error = bounded(outcome.error);
    const status = error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    return { status, output: null, error, attempts: Math.max(1, error.attempts), duration_ms: since };
  }
  const { result, attempt, duration_ms } = outcome.reply;
  // A worker of another make may leave these out.
  const attempts = Number.isSafeInteger(attempt) ? Math.max(1, attempt) : 1;
  const duration = Number.isFinite(duration_ms) ? Math.round(Math.max(0, duration_ms)) : since;
  return { status: 'completed', output: result, error: null, attempts, duration_ms: duration };
}
