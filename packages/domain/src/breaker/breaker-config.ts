import type { BreakerConfig } from './breaker.js';

/** Source: the seed's defaults, window from the definition language. */
export const DEFAULT_BREAKER_CONFIG: BreakerConfig = {
  failure_threshold: 5,
  window_seconds: 60,
  reset_timeout_seconds: 60,
  half_open_max_calls: 3,
};

/** Calls in the window from which on rates are judged, where a config names no number. */
export const DEFAULT_MINIMUM_CALLS = 20;

/**
 * How one breaker behaves: each member from the definition or agent itself, else from its tenant, else from the platform.
 * `ignored_errors` is a member like the others: the nearest list holds, lists are not joined.
 */
export function breakerConfig(
  platform: BreakerConfig,
  tenant: Partial<BreakerConfig> | null = null,
  own: Partial<BreakerConfig> | null = null,
): BreakerConfig {
  return { ...platform, ...set(tenant), ...set(own) };
}

/** A member that is undefined is not set. */
const set = (settings: Partial<BreakerConfig> | null): Partial<BreakerConfig> =>
  Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined));
