import type { BreakerCounts } from './breaker.js';
import { become, type BreakerRecord, type BreakerStep, nextEpoch, unchanged } from './breaker-record.js';
import { countsOf } from './window.js';

/**
 * Opens it by an operator's order, whatever its state. The same order again changes nothing; another end is another era.
 * @param until when it may be probed; null: not before it is released. One in the past changes nothing
 */
export function isolateBreaker(record: BreakerRecord, until: number | null, now: number): BreakerStep {
  if (until !== null && until <= now) return unchanged(record);
  if (record.state === 'open' && record.isolated && record.until === until) return unchanged(record);
  const epoch = nextEpoch(record, now);
  const counts = countsOf(record, now);
  return become(record, { state: 'open', epoch, since: now, until, counts, isolated: true }, 'isolated', now);
}

/** Whether an operator holds it open now: an isolation that ran out is an open breaker like others. */
export const isIsolated = (record: BreakerRecord, now: number): boolean =>
  record.state === 'open' && record.isolated === true && (record.until === null || record.until > now);

/** Closes what is not closed, with nothing counted. */
export function releaseBreaker(record: BreakerRecord, now: number): BreakerStep {
  if (record.state === 'closed') return unchanged(record);
  const epoch = nextEpoch(record, now);
  return become(record, { state: 'closed', epoch, since: now, window_ms: 0, buckets: [] }, 'released', now);
}

/** What history knows of a breaker that was open, not isolated, when its record was lost. */
export interface LostBreaker {
  /** its last one */
  epoch: number;
  since: number;
  until: number;
  failure_count: number;
}

/**
 * Opens it again, if nothing but failures of no era is known of it; else what is known is newer. Its epoch is a new one,
 * so that permits taken meanwhile are late; it stays open as long as it would have.
 */
export function restoreBreaker(record: BreakerRecord, lost: LostBreaker, now: number): BreakerStep {
  if (record.epoch !== 0) return unchanged(record);
  const { since, until, failure_count } = lost;
  const counts: BreakerCounts = { failures: failure_count, calls: failure_count, slow: 0 };
  const before: BreakerRecord = { state: 'open', epoch: lost.epoch, since, until, counts };
  return become(before, { ...before, epoch: nextEpoch(before, now) }, 'restored', now);
}
