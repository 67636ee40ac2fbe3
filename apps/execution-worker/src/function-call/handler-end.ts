import type { FunctionSettlement, ToolSettlement } from '@aumos/agf-engine/common';
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
  return { status: 'completed', output: outcome.reply.result, error: null, ...toldTimes(outcome.reply, since) };
}

/** A worker of another make may leave these out. @param since its beginning, ms */
export const toldTimes = (
  { attempt, duration_ms }: { attempt: number; duration_ms: number },
  since: number,
): { attempts: number; duration_ms: number } => ({
  attempts: Number.isSafeInteger(attempt) ? Math.max(1, attempt) : 1,
  duration_ms: Number.isFinite(duration_ms) ? Math.round(Math.max(0, duration_ms)) : since,
});

/** The row of the visit whose call ended so. */
export function endedVisit(
  { call, started_at }: Pick<FunctionSettlement | ToolSettlement, 'call' | 'started_at'>,
  type: string,
  { status, output, error, attempts }: HandlerEnd,
): EndedVisit {
  const { ref, node, visit, step, item, arguments: input, gate } = call;
  const approval_id = gate?.approval?.approval_id ?? null;
  const key = { execution_id: ref.execution_id, node, visit };
  return { ...key, step, item, type, input, status, output, error, attempts, approval_id, started_at };
}
