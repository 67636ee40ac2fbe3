import type { BreakerCounts, BreakerState, TransitionReason } from './breaker.js';

/** All times are milliseconds of one clock. Plain JSON: this is what Redis keeps. */
export type BreakerRecord = ClosedBreaker | OpenBreaker | HalfOpenBreaker;

interface BreakerEra {
  /** 0 for a breaker that never opened (or is forgotten); grows with every transition, and never below the clock */
  epoch: number;
  /** when this state began */
  since: number;
}
/** What happened in a part of the window; a slow failure counts as both. */
export type Bucket = [start: number, failures: number, calls: number, slow: number];
export interface ClosedBreaker extends BreakerEra {
  state: 'closed';
  window_ms: number;
  /** oldest first */
  buckets: Bucket[];
}
export interface OpenBreaker extends BreakerEra {
  state: 'open';
  /** when it may be probed; null: not before it is released */
  until: number | null;
  /** what opened it */
  counts: BreakerCounts;
  /** by an operator */
  isolated?: true;
}
export interface HalfOpenBreaker extends BreakerEra {
  state: 'half_open';
  successes: number;
  /** what had opened it */
  counts: BreakerCounts;
  /** permit id → when its lease ends */
  leases: Record<string, number>;
}

/** A transition before it is known whose breaker it was. */
export interface BreakerChange {
  from: BreakerState;
  to: BreakerState;
  epoch: number;
  counts: BreakerCounts;
  reason: TransitionReason;
  until: number | null;
  at: number;
}

export interface BreakerStep {
  next: BreakerRecord;
  changes: BreakerChange[];
}

export const NOTHING_COUNTED: BreakerCounts = { failures: 0, calls: 0, slow: 0 };

/** The state of a breaker nobody has written yet. */
export const untouchedBreaker = (): ClosedBreaker => ({
  state: 'closed',
  epoch: 0,
  since: 0,
  window_ms: 0,
  buckets: [],
});

export const unchanged = (record: BreakerRecord): BreakerStep => ({ next: record, changes: [] });

export const nextEpoch = (record: BreakerRecord, now: number): number => Math.max(record.epoch + 1, now);

/** The step to another state, or to another era of the same. */
export function become(record: BreakerRecord, next: BreakerRecord, reason: TransitionReason, now: number): BreakerStep {
  const counts = next.state === 'closed' ? NOTHING_COUNTED : next.counts;
  const until = next.state === 'open' ? next.until : null;
  return {
    next,
    changes: [{ from: record.state, to: next.state, epoch: next.epoch, counts, reason, until, at: now }],
  };
}
