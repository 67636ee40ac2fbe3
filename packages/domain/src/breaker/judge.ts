import type { BreakerConfig, BreakerCounts, BreakerKey, CallOutcome, Permit, TransitionReason } from './breaker.js';
import { DEFAULT_MINIMUM_CALLS } from './breaker-config.js';

/** One outcome for all breakers of a permit, or for each its own. */
export type ReportedOutcome = CallOutcome | ((key: BreakerKey) => CallOutcome);

/** Whether its successes are written too. Without rates they say nothing, and a healthy call writes nothing. */
export const hasRates = ({ failure_rate, slow_call_rate }: BreakerConfig): boolean =>
  failure_rate !== undefined || slow_call_rate !== undefined;

/** @param tookMs undefined: not measured, so not slow */
export const isSlow = ({ slow_call_seconds }: BreakerConfig, tookMs: number | undefined): boolean =>
  slow_call_seconds !== undefined && tookMs !== undefined && tookMs > slow_call_seconds * 1000;

/** Whether the window of a closed breaker takes such a call. */
export const isCounted = (config: BreakerConfig, outcome: CallOutcome): boolean =>
  outcome === 'failure' || (outcome === 'success' && hasRates(config));

export const outcomeFor = (outcome: ReportedOutcome, key: BreakerKey): CallOutcome =>
  typeof outcome === 'function' ? outcome(key) : outcome;

/** Whether the report must be known again if it is sent again: a window would take it twice. */
export const countsOnce = (permit: Permit, outcome: ReportedOutcome): boolean =>
  permit.links.some(({ key, config }) => isCounted(config, outcomeFor(outcome, key)));

/** Whether what a window counted opens its breaker, and why. Rates are judged from the minimum of calls on. */
export function verdict({ failures, calls, slow }: BreakerCounts, config: BreakerConfig): TransitionReason | null {
  const { failure_threshold, failure_rate, slow_call_rate, minimum_calls = DEFAULT_MINIMUM_CALLS } = config;
  if (failures >= failure_threshold) return 'failure_threshold';
  if (calls < minimum_calls) return null;
  if (failure_rate !== undefined && failures >= failure_rate * calls) return 'failure_rate';
  if (slow_call_rate !== undefined && slow >= slow_call_rate * calls) return 'slow_call_rate';
  return null;
}
