export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** `agent:<id>`, `workflow:<id>` or `tool:<name>` */
export type BreakerKey = `agent:${string}` | `workflow:${string}` | `tool:${string}`;

export interface BreakerConfig {
  /** so many failures in the window open it */
  failure_threshold: number;
  /** (0, 1]: this share of failures among the window's calls opens it; absent: off */
  failure_rate?: number;
  /** (0, 1]: this share of slow calls opens it; absent: off */
  slow_call_rate?: number;
  /** a call that took longer is slow, whether it succeeded or failed; absent: none is */
  slow_call_seconds?: number;
  /** rates are judged from so many calls in the window on (default DEFAULT_MINIMUM_CALLS) */
  minimum_calls?: number;
  /** seconds a call counts */
  window_seconds: number;
  /** seconds it stays open; up to a tenth longer */
  reset_timeout_seconds: number;
  /** so many probes at most, and so many successes close it */
  half_open_max_calls: number;
  /** codes that count nothing here, see `callOutcome` */
  ignored_errors?: readonly string[];
}

/** One breaker of a call's chain. `count` takes a permit and reports; `check` only refuses while open. */
export interface ChainLink {
  key: BreakerKey;
  mode: 'count' | 'check';
  config: BreakerConfig;
}

/** What a report says of a call; `ignored` gives the permit back and counts nothing. */
export type CallOutcome = 'success' | 'failure' | 'ignored';

/** Handed out by an acquire, handed back by its report. Plain JSON: it may cross processes. */
export interface Permit {
  id: string;
  links: { key: BreakerKey; epoch: number; config: BreakerConfig }[];
}
export type Admission =
  | { admitted: true; permit: Permit; degraded?: boolean }
  | { admitted: false; key: BreakerKey; state: BreakerState; retry_after_ms: number; degraded?: boolean };

/** An operator's order that a breaker be open. PostgreSQL has the truth; Redis and processes follow it. */
export interface BreakerIsolation {
  key: BreakerKey;
  reason: string;
  /** who ordered it */
  by: string;
  /** RFC 3339 */
  since: string;
  /** RFC 3339; from then on it may be probed, like after a reset. null: until it is released */
  until: string | null;
}

/** Why a breaker changed; the first three open it by what it counted. */
export const TRANSITION_REASONS = [
  'failure_threshold',
  'failure_rate',
  'slow_call_rate',
  'reset_timeout',
  'probe_failed',
  'probe_succeeded',
  'isolated',
  'released',
  'restored',
] as const;
export type TransitionReason = (typeof TRANSITION_REASONS)[number];

/** Calls of a window. A breaker without rates counts only its failures: `calls` equals them. */
export interface BreakerCounts {
  failures: number;
  calls: number;
  slow: number;
}

export interface BreakerTransition {
  tenant_id: string;
  key: BreakerKey;
  /** an isolation or a restoration of what is open goes from `open` to `open` */
  from: BreakerState;
  to: BreakerState;
  epoch: number;
  /** `counts.failures` */
  failure_count: number;
  /** what was counted when it happened */
  counts: BreakerCounts;
  reason: TransitionReason;
  /** RFC 3339, of one that opened: when it may be probed. null: it did not open, or stays open until it is released */
  until: string | null;
  /** RFC 3339, Redis' clock */
  at: string;
}
