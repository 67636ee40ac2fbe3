import { breakerConfig, type BreakerConfig, type BreakerSettings } from '@aumos/agf-domain';
import type { breakerDefaults } from './catalogue.js';
import type { Settings } from './settings.js';

/**
 * How one breaker behaves: each member as its definition or agent says it, else its tenant, else the platform.
 * @param tenant null: it leaves all to the platform
 * @param own of the definition or agent; null: it says nothing
 */
export const breakerConfigOf = (
  defaults: Settings<typeof breakerDefaults>,
  tenant: BreakerSettings | null,
  own: BreakerSettings | null = null,
): BreakerConfig => breakerConfig(platformBreaker(defaults), tenant, own);

function platformBreaker(defaults: Settings<typeof breakerDefaults>): BreakerConfig {
  const { circuitBreakerFailureRate: failure_rate, circuitBreakerSlowCallRate: slow_call_rate } = defaults;
  const { circuitBreakerIgnoredErrors: ignored_errors } = defaults;
  return {
    failure_threshold: defaults.circuitBreakerFailureThreshold,
    window_seconds: defaults.circuitBreakerWindowSeconds,
    reset_timeout_seconds: defaults.circuitBreakerResetTimeoutSeconds,
    half_open_max_calls: defaults.circuitBreakerHalfOpenMaxCalls,
    minimum_calls: defaults.circuitBreakerMinimumCalls,
    ...(failure_rate ? { failure_rate } : {}),
    ...(slow_call_rate ? { slow_call_rate, slow_call_seconds: defaults.circuitBreakerSlowCallSeconds } : {}),
    ...(ignored_errors ? { ignored_errors } : {}),
  };
}
