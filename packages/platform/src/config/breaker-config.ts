import type { BreakerConfig, BreakerSettings } from '@aumos/agf-domain';
import type { breakerDefaults } from './catalogue.js';
import type { Settings } from './settings.js';

const WINDOW_SECONDS = 60;

/** How a breaker behaves: what its definition says, over the platform's defaults. */
export const breakerConfigOf = (
  defaults: Settings<typeof breakerDefaults>,
  own: BreakerSettings | undefined = {},
): BreakerConfig => ({
  failure_threshold: own.failure_threshold ?? defaults.circuitBreakerFailureThreshold,
  window_seconds: WINDOW_SECONDS,
  reset_timeout_seconds: own.reset_timeout_seconds ?? defaults.circuitBreakerResetTimeoutSeconds,
  half_open_max_calls: own.half_open_max_calls ?? defaults.circuitBreakerHalfOpenMaxCalls,
});
