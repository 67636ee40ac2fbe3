import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { breakerOutcome, type ExecutionOutcome, type ExecutionRef } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { errorOf, type Outcome } from '../run/outcome.js';
import type { VisitBook } from '../run/runtime.js';
import { recorder, untilDone, visitsRecorder } from './recorder.js';

interface Ended {
  ref: ExecutionRef;
  outcome: Outcome;
  /** undefined: it never began */
  ran_ms: number | undefined;
}

/** Writes how the execution ended, and its last visits. Neither a cancellation nor a failure keeps it from that. */
export function recordOutcome(ended: Ended, visits: VisitBook): Promise<void> {
  const { ref } = ended;
  return CancellationScope.nonCancellable(async () => {
    try {
      // The workflow's end would lose what is on its way: the next run was to begin without it.
      while (visits.relief) await visits.relief;
      while (visits.overflows)
        await visits.carriedBy((progress) => visitsRecorder().recordVisits({ ref, ...progress }));
      await visits.carriedBy((progress) => recorder().recordOutcome({ ...recordOf(ended), ...progress }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      // What was refused for good would be refused again: an execution never ends without its outcome.
      await untilDone(() => recorder().recordOutcome(withoutWhatWasRefused(ended)));
    }
  });
}

function recordOf({ ref, outcome, ran_ms }: Ended): Omit<ExecutionOutcome, 'ended'> {
  const error = errorOf(outcome);
  return {
    ref,
    status: outcome.kind,
    output: outcome.kind === 'completed' ? outcome.output : null,
    error,
    breaker_outcome: breakerOutcome(error),
    ...(ran_ms === undefined ? {} : { ran_ms }),
  };
}

function withoutWhatWasRefused({ ref, outcome }: Ended): ExecutionOutcome {
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
