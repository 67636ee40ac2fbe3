import {
  type BreakerKey,
  type BreakerRecord,
  type BreakerState,
  countsOf,
  type HalfOpenBreaker,
  isIsolated,
} from '@aumos/agf-domain';

/** One breaker as a reader sees it. */
export interface BreakerView {
  key: BreakerKey;
  state: BreakerState;
  epoch: number;
  /** failures that count now; of an open or half-open breaker, those that opened it */
  failure_count: number;
  /** the same of all calls, which only breakers with rates count; of others, the failures */
  calls: number;
  slow: number;
  /** held open by an operator */
  isolated: boolean;
  /** RFC 3339, Redis' clock; null for a breaker that never changed its state */
  since: string | null;
  /** of an open breaker: until it may be probed, 0 when the next call is a probe; null when it waits for its release */
  retry_after_ms: number | null;
  /** of a half-open breaker */
  probes: { succeeded: number; in_flight: number } | null;
}

export function breakerView(key: BreakerKey, record: BreakerRecord, now: number): BreakerView {
  const { failures, calls, slow } = countsOf(record, now);
  return {
    key,
    state: record.state,
    epoch: record.epoch,
    failure_count: failures,
    calls,
    slow,
    isolated: isIsolated(record, now),
    since: record.since === 0 ? null : new Date(record.since).toISOString(),
    retry_after_ms: record.state === 'open' && record.until !== null ? Math.max(0, record.until - now) : null,
    probes: record.state === 'half_open' ? probesOf(record, now) : null,
  };
}

const probesOf = ({ successes, leases }: HalfOpenBreaker, now: number): BreakerView['probes'] => ({
  succeeded: successes,
  in_flight: Object.values(leases).filter((ends) => ends > now).length,
});
