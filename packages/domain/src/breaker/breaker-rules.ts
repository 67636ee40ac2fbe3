import type { BreakerConfig, BreakerState, CallOutcome } from './breaker.js';

/** A window is kept in this many buckets, so a failure counts at least the window and at most one bucket longer. */
export const WINDOW_BUCKETS = 60;
/** The reset timeout grows by at most this share, so that breakers that opened together do not probe together. */
export const RESET_JITTER = 0.1;

/** All times are milliseconds of one clock. Plain JSON: this is what Redis keeps. */
export type BreakerRecord = ClosedBreaker | OpenBreaker | HalfOpenBreaker;

interface BreakerEra {
  /** 0 for a breaker that never opened (or is forgotten); grows with every transition, and never below the clock */
  epoch: number;
  /** when this state began */
  since: number;
}
export interface ClosedBreaker extends BreakerEra {
  state: 'closed';
  window_ms: number;
  /** [start of the bucket, failures in it], oldest first */
  failures: [start: number, count: number][];
}
export interface OpenBreaker extends BreakerEra {
  state: 'open';
  until: number;
  failure_count: number;
}
export interface HalfOpenBreaker extends BreakerEra {
  state: 'half_open';
  successes: number;
  failure_count: number;
  /** permit id → when its lease ends */
  leases: Record<string, number>;
}

/** A transition before it is known whose breaker it was. */
export interface BreakerChange {
  from: BreakerState;
  to: BreakerState;
  epoch: number;
  failure_count: number;
  reason: 'failure_threshold' | 'reset_timeout' | 'probe_failed' | 'probe_succeeded';
  at: number;
}

export interface BreakerStep {
  next: BreakerRecord;
  changes: BreakerChange[];
}
export type AcquireStep =
  | { admitted: true; epoch: number; step: BreakerStep }
  | { admitted: false; state: BreakerState; retry_after_ms: number };

/** The state of a breaker nobody has written yet. */
export const untouchedBreaker = (): ClosedBreaker => ({
  state: 'closed',
  epoch: 0,
  since: 0,
  window_ms: 0,
  failures: [],
});

const same = (record: BreakerRecord): BreakerStep => ({ next: record, changes: [] });
const nextEpoch = (record: BreakerRecord, now: number): number => Math.max(record.epoch + 1, now);
const byWindow = (
  failures: ClosedBreaker['failures'],
  config: BreakerConfig,
  now: number,
): ClosedBreaker['failures'] => {
  const window = config.window_seconds * 1000;
  return failures.filter(([start]) => start + bucketMs(config) > now - window);
};
const bucketMs = (config: BreakerConfig): number => Math.ceil((config.window_seconds * 1000) / WINDOW_BUCKETS);
const livingLeases = (leases: Record<string, number>, now: number): Record<string, number> =>
  Object.fromEntries(Object.entries(leases).filter(([, until]) => until > now));

/** Time alone: an open breaker whose reset timeout is over becomes half open. */
export function tickBreaker(record: BreakerRecord, now: number): BreakerStep {
  if (record.state !== 'open' || record.until > now) return same(record);
  const { failure_count } = record;
  const epoch = nextEpoch(record, now);
  return {
    next: { state: 'half_open', epoch, since: now, successes: 0, failure_count, leases: {} },
    changes: [{ from: 'open', to: 'half_open', epoch, failure_count, reason: 'reset_timeout', at: now }],
  };
}

/** Whether a call that takes no permit may pass: only an open breaker, before its reset timeout, refuses it. */
export function checkBreaker(
  record: BreakerRecord,
  now: number,
): { admitted: true } | { admitted: false; retry_after_ms: number } {
  if (record.state === 'open' && record.until > now) return { admitted: false, retry_after_ms: record.until - now };
  return { admitted: true };
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
  const checked = checkBreaker(record, now);
  if (!checked.admitted) return { admitted: false, state: 'open', retry_after_ms: checked.retry_after_ms };
  const step = tickBreaker(record, now);
  if (step.next.state !== 'half_open') return { admitted: true, epoch: step.next.epoch, step };
  const leases = livingLeases(step.next.leases, now);
  const ends = Object.values(leases);
  // A limit that was lowered meanwhile leaves at least one probe, or the breaker could never close.
  if (ends.length >= Math.max(1, config.half_open_max_calls - step.next.successes)) {
    const retry = Math.min(Math.min(...ends) - now, config.reset_timeout_seconds * 1000);
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
  outcome: CallOutcome,
  now: number,
  jitter: number,
): BreakerStep {
  if (record.epoch !== 0 && record.epoch !== permit.epoch) return same(record);
  if (record.state === 'closed')
    return outcome === 'failure' ? countFailure(record, config, now, jitter) : same(record);
  const lease = record.state === 'half_open' ? record.leases[permit.id] : undefined;
  if (record.state !== 'half_open' || lease === undefined || lease <= now) return same(record);
  if (outcome === 'failure') return opened(record, config, 1, 'probe_failed', now, jitter);
  const { [permit.id]: _returned, ...leases } = livingLeases(record.leases, now);
  const successes = record.successes + (outcome === 'success' ? 1 : 0);
  if (outcome === 'success' && successes >= config.half_open_max_calls) return closed(record, config, now);
  return { next: { ...record, successes, leases }, changes: [] };
}

/** Failures that still count, by the window they were counted under. */
export function failureCount(record: BreakerRecord, now: number): number {
  if (record.state !== 'closed') return record.failure_count;
  const bucket = Math.ceil(record.window_ms / WINDOW_BUCKETS);
  return record.failures.reduce((sum, [start, n]) => (start + bucket > now - record.window_ms ? sum + n : sum), 0);
}

function countFailure(record: ClosedBreaker, config: BreakerConfig, now: number, jitter: number): BreakerStep {
  const start = now - (now % bucketMs(config));
  const failures = byWindow(record.failures, config, now);
  const last = failures.at(-1);
  if (last && last[0] >= start) failures[failures.length - 1] = [last[0], last[1] + 1];
  else failures.push([start, 1]);
  const count = failures.reduce((sum, [, n]) => sum + n, 0);
  if (count >= config.failure_threshold) return opened(record, config, count, 'failure_threshold', now, jitter);
  return { next: { ...record, window_ms: config.window_seconds * 1000, failures }, changes: [] };
}

function opened(
  record: BreakerRecord,
  config: BreakerConfig,
  failure_count: number,
  reason: BreakerChange['reason'],
  now: number,
  jitter: number,
): BreakerStep {
  const epoch = nextEpoch(record, now);
  const until = now + Math.floor(config.reset_timeout_seconds * 1000 * (1 + RESET_JITTER * jitter));
  return {
    next: { state: 'open', epoch, since: now, until, failure_count },
    changes: [{ from: record.state, to: 'open', epoch, failure_count, reason, at: now }],
  };
}

function closed(record: BreakerRecord, config: BreakerConfig, now: number): BreakerStep {
  const epoch = nextEpoch(record, now);
  return {
    next: { state: 'closed', epoch, since: now, window_ms: config.window_seconds * 1000, failures: [] },
    changes: [{ from: record.state, to: 'closed', epoch, failure_count: 0, reason: 'probe_succeeded', at: now }],
  };
}
