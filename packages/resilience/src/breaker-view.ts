import { type BreakerKey, type BreakerRecord, type BreakerState, failureCount } from '@aumos/agf-domain';

/** One breaker as a reader sees it. */
export interface BreakerView {
  key: BreakerKey;
  state: BreakerState;
  epoch: number;
  /** failures that count now; of an open or half-open breaker, those that opened it */
  failure_count: number;
  /** RFC 3339, Redis' clock; null for a breaker that never changed its state */
  since: string | null;
  /** of an open breaker: until it may be probed, 0 when the next call is a probe */
  retry_after_ms: number | null;
  /** of a half-open breaker */
  probes: { succeeded: number; in_flight: number } | null;
}

export function breakerView(key: BreakerKey, record: BreakerRecord, now: number): BreakerView {
  const inFlight = record.state === 'half_open' ? Object.values(record.leases).filter((ends) => ends > now).length : 0;
  return {
    key,
    state: record.state,
    epoch: record.epoch,
    failure_count: failureCount(record, now),
    since: record.since === 0 ? null : new Date(record.since).toISOString(),
    retry_after_ms: record.state === 'open' ? Math.max(0, record.until - now) : null,
    probes: record.state === 'half_open' ? { succeeded: record.successes, in_flight: inFlight } : null,
  };
}
