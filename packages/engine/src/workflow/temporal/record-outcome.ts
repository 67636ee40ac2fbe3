import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { breakerOutcome, type ExecutionOutcome, type ExecutionRef } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { errorOf, type Outcome } from '../run/outcome.js';
import type { VisitBook } from '../run/runtime.js';
import { recorder, untilDone, visitsRecorder } from './recorder.js';

/** Writes how the execution ended, and its last visits. Neither a cancellation nor a failure keeps it from that. */
export function recordOutcome(ref: ExecutionRef, outcome: Outcome, visits: VisitBook): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    try {
      // The workflow's end would lose what is on its way: the next run was to begin without it.
      while (visits.relief) await visits.relief;
      while (visits.overflows)
        await visits.carriedBy((progress) => visitsRecorder().recordVisits({ ref, ...progress }));
      await visits.carriedBy((progress) => recorder().recordOutcome({ ...recordOf(ref, outcome), ...progress }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      // What was refused for good would be refused again: an execution never ends without its outcome.
      await untilDone(() => recorder().recordOutcome(withoutWhatWasRefused(ref, outcome)));
    }
  });
}

function recordOf(ref: ExecutionRef, outcome: Outcome): Omit<ExecutionOutcome, 'ended'> {
  const error = errorOf(outcome);
  return {
    ref,
    status: outcome.kind,
    output: outcome.kind === 'completed' ? outcome.output : null,
    error,
    breaker_outcome: breakerOutcome(error),
  };
}

function withoutWhatWasRefused(ref: ExecutionRef, outcome: Outcome): ExecutionOutcome {
  const error = executionError({ node: null, visit: null }, 'INTERNAL_ERROR', 'The outcome could not be recorded');
  return {
    ref,
    status: outcome.kind === 'cancelled' ? 'cancelled' : 'failed',
    output: null,
    error: outcome.kind === 'cancelled' ? errorOf(outcome) : error,
    breaker_outcome: 'ignored',
    ended: [],
  };
}
