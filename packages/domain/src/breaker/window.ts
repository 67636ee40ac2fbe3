import type { BreakerConfig, BreakerCounts, CallOutcome } from './breaker.js';
import { type BreakerRecord, type Bucket, type ClosedBreaker, NOTHING_COUNTED } from './breaker-record.js';

/** A window is kept in this many buckets, so a call counts at least the window and at most one bucket longer. */
const WINDOW_BUCKETS = 60;

/** How a call ended, for one breaker. */
export interface CallEnd {
  outcome: CallOutcome;
  slow: boolean;
}

/** The window with one call more, by the window that its breaker is configured to have now. */
export function withCall(
  record: ClosedBreaker,
  config: BreakerConfig,
  { outcome, slow }: CallEnd,
  now: number,
): ClosedBreaker {
  const window_ms = config.window_seconds * 1000;
  const start = now - (now % bucketMs(window_ms));
  const call: Bucket = [start, outcome === 'failure' ? 1 : 0, 1, slow ? 1 : 0];
  const buckets = living(record.buckets, window_ms, now);
  const last = buckets.at(-1);
  // A clock that stepped back goes on in the newest bucket.
  if (last && last[0] >= start) buckets[buckets.length - 1] = sum(last, call);
  else buckets.push(call);
  return { ...record, window_ms, buckets };
}

/** Calls that count now, by the window they were counted under; of an open or half-open breaker, those that opened it. */
export function countsOf(record: BreakerRecord, now: number): BreakerCounts {
  if (record.state !== 'closed') return record.counts;
  const counted = living(record.buckets, record.window_ms, now);
  return counted.reduce<BreakerCounts>(
    ({ failures, calls, slow }, bucket) => ({
      failures: failures + bucket[1],
      calls: calls + bucket[2],
      slow: slow + bucket[3],
    }),
    NOTHING_COUNTED,
  );
}

const bucketMs = (windowMs: number): number => Math.ceil(windowMs / WINDOW_BUCKETS);
const living = (buckets: Bucket[], windowMs: number, now: number): Bucket[] =>
  buckets.filter(([start]) => start + bucketMs(windowMs) > now - windowMs);
const sum = ([start, ...a]: Bucket, [, ...b]: Bucket): Bucket => [start, a[0] + b[0], a[1] + b[1], a[2] + b[2]];
