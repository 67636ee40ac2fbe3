import { CancellationScope } from '@temporalio/workflow';
import { breakerOutcome, type ExecutionRef } from '../../common/index.js';
import { errorOf, type Outcome } from '../run/outcome.js';
import type { VisitBook } from '../run/runtime.js';
import { recorder, untilDone, visitsRecorder } from './recorder.js';

/** Writes how the execution ended, and its last visits. Neither a cancellation nor a failure keeps it from that. */
export function recordOutcome(ref: ExecutionRef, outcome: Outcome, visits: VisitBook): Promise<void> {
  const error = errorOf(outcome);
  return CancellationScope.nonCancellable(async () => {
    while (visits.overflows)
      await untilDone(() => visits.carriedBy((ended) => visitsRecorder().recordVisits({ ref, ended })));
    await untilDone(() =>
      visits.carriedBy((ended) =>
        recorder().recordOutcome({
          ref,
          status: outcome.kind,
          output: outcome.kind === 'completed' ? outcome.output : null,
          error,
          breaker_outcome: breakerOutcome(error),
          ended,
        }),
      ),
    );
  });
}
