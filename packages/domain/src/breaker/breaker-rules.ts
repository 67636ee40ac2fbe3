import type { BreakerConfig, BreakerCounts, BreakerState, TransitionReason } from './breaker.js';
import {
  become,
  type BreakerRecord,
  type BreakerStep,
  type ClosedBreaker,
  type HalfOpenBreaker,
  nextEpoch,
  unchanged,
} from './breaker-record.js';
import { isCounted, verdict } from './judge.js';
import { type CallEnd, countsOf, withCall } from './window.js';

/** The reset timeout grows by at most this share, so that breakers that opened together do not probe together. */
export const RESET_JITTER = 0.1;

export type AcquireStep =
  | { admitted: true; epoch: number; step: BreakerStep }
  | { admitted: false; state: BreakerState; retry_after_ms: number };

/** Time alone: an open breaker whose reset timeout or isolation is over becomes half open. */
export function tickBreaker(record: BreakerRecord, now: number): BreakerStep {
  if (record.state !== 'open' || record.until === null || record.until > now) return unchanged(record);
  const { counts } = record;
  const epoch = nextEpoch(record, now);
  return become(
    record,
    { state: 'half_open', epoch, since: now, successes: 0, counts, leases: {} },
    'reset_timeout',
    now,
  );
}

/**
 * Whether a call that takes no permit may pass: only an open breaker, before its time is over, refuses it. One that stays
 * open until it is released may be asked again after its reset timeout.
 */
export function checkBreaker(
  record: BreakerRecord,
  config: BreakerConfig,
  now: number,
): { admitted: true } | { admitted: false; retry_after_ms: number } {
  if (record.state !== 'open') return { admitted: true };
  const left = record.until === null ? resetMs(config) : record.until - now;
  return left > 0 ? { admitted: false, retry_after_ms: left } : { admitted: true };
}

/**
 * Asks for a permit. Half open, at most `half_open_max_calls` probes are admitted until one fails or all succeed;
 * a probe whose lease ended without a report gives its place to another. A refusal changes nothing.
 */
export function acquireBreaker(
  record: BreakerRecord,
  config: BreakerConfig,
  permit: { id: string; lease_ms: number },
  now: number,
): AcquireStep {
  const checked = checkBreaker(record, config, now);
  if (!checked.admitted) return { admitted: false, state: 'open', retry_after_ms: checked.retry_after_ms };
  const step = tickBreaker(record, now);
  if (step.next.state !== 'half_open') return { admitted: true, epoch: step.next.epoch, step };
  const leases = livingLeases(step.next.leases, now);
  const ends = Object.values(leases);
  // A limit that was lowered meanwhile leaves at least one probe, or the breaker could never close.
  if (ends.length >= Math.max(1, config.half_open_max_calls - step.next.successes)) {
    const retry = Math.min(Math.min(...ends) - now, resetMs(config));
    return { admitted: false, state: 'half_open', retry_after_ms: retry };
  }
  const next = { ...step.next, leases: { ...leases, [permit.id]: now + permit.lease_ms } };
  return { admitted: true, epoch: next.epoch, step: { next, changes: step.changes } };
}

/**
 * Hands a permit back with what became of the call. A report of an older epoch, or of a probe whose lease ended, changes
 * nothing; a breaker of epoch 0 takes every report, because it knows of no other era.
 * @param jitter 0..1, chosen by the caller: how much of RESET_JITTER to add if this opens the breaker
 */
export function reportToBreaker(
  record: BreakerRecord,
  config: BreakerConfig,
  permit: { id: string; epoch: number },
  call: CallEnd,
  now: number,
  jitter: number,
): BreakerStep {
  if (record.epoch !== 0 && record.epoch !== permit.epoch) return unchanged(record);
  if (record.state === 'closed') return counted(record, config, call, now, jitter);
  return record.state === 'half_open' ? probed(record, config, permit.id, call, now, jitter) : unchanged(record);
}

function counted(
  record: ClosedBreaker,
  config: BreakerConfig,
  call: CallEnd,
  now: number,
  jitter: number,
): BreakerStep {
  if (!isCounted(config, call.outcome)) return unchanged(record);
  const next = withCall(record, config, call, now);
  const counts = countsOf(next, now);
  const reason = verdict(counts, config);
  return reason ? opened(record, config, counts, reason, now, jitter) : { next, changes: [] };
}

/** A probe that is slow where slowness opens has failed: what it would close is as ill as before. */
function probed(
  record: HalfOpenBreaker,
  config: BreakerConfig,
  permitId: string,
  { outcome, slow }: CallEnd,
  now: number,
  jitter: number,
): BreakerStep {
  const lease = record.leases[permitId];
  if (lease === undefined || lease <= now) return unchanged(record);
  const tooSlow = outcome === 'success' && slow && config.slow_call_rate !== undefined;
  if (outcome === 'failure' || tooSlow) {
    const counts = { failures: outcome === 'failure' ? 1 : 0, calls: 1, slow: slow ? 1 : 0 };
    return opened(record, config, counts, 'probe_failed', now, jitter);
  }
  const { [permitId]: _returned, ...leases } = livingLeases(record.leases, now);
  const successes = record.successes + (outcome === 'success' ? 1 : 0);
  if (outcome === 'success' && successes >= config.half_open_max_calls) return closed(record, config, now);
  return { next: { ...record, successes, leases }, changes: [] };
}

function opened(
  record: BreakerRecord,
  config: BreakerConfig,
  counts: BreakerCounts,
  reason: TransitionReason,
  now: number,
  jitter: number,
): BreakerStep {
  const until = now + Math.floor(resetMs(config) * (1 + RESET_JITTER * jitter));
  return become(record, { state: 'open', epoch: nextEpoch(record, now), since: now, until, counts }, reason, now);
}

function closed(record: BreakerRecord, config: BreakerConfig, now: number): BreakerStep {
  const [epoch, window_ms] = [nextEpoch(record, now), config.window_seconds * 1000];
  return become(record, { state: 'closed', epoch, since: now, window_ms, buckets: [] }, 'probe_succeeded', now);
}

const resetMs = (config: BreakerConfig): number => config.reset_timeout_seconds * 1000;
const livingLeases = (leases: Record<string, number>, now: number): Record<string, number> =>
  Object.fromEntries(Object.entries(leases).filter(([, until]) => until > now));
