export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** `agent:<id>`, `workflow:<id>` or `tool:<name>` */
export type BreakerKey = `agent:${string}` | `workflow:${string}` | `tool:${string}`;

export interface BreakerConfig {
  failure_threshold: number;
  /** seconds a failure counts */
  window_seconds: number;
  reset_timeout_seconds: number;
  half_open_max_calls: number;
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

export interface BreakerTransition {
  tenant_id: string;
  key: BreakerKey;
  from: BreakerState;
  to: BreakerState;
  epoch: number;
  failure_count: number;
  /** e.g. `failure_threshold`, `reset_timeout`, `probe_succeeded`, `probe_failed` */
  reason: string;
  /** RFC 3339, Redis' clock */
  at: string;
}
