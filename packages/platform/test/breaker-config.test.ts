import { describe, expect, it } from '@jest/globals';
import { breakerConfigOf, breakerDefaults, loadSettings } from '../src/index.js';

const PLATFORM = {
  failure_threshold: 5,
  window_seconds: 60,
  reset_timeout_seconds: 60,
  half_open_max_calls: 3,
  minimum_calls: 20,
};
const settingsOf = (env: Record<string, string> = {}) =>
  loadSettings(
    breakerDefaults,
    Object.fromEntries(Object.entries(env).map(([name, value]) => [`AUMOS_AGF_CIRCUIT_BREAKER_${name}`, value])),
  );

describe("a breaker's config", () => {
  it('has no shares where nobody says any', () => {
    expect(breakerConfigOf(settingsOf(), null)).toEqual(PLATFORM);
    expect(breakerConfigOf(settingsOf({ FAILURE_RATE: '0', SLOW_CALL_RATE: '0' }), {}, {})).toEqual(PLATFORM);
  });

  it('has those of the platform, with what is slow', () => {
    const env = { FAILURE_RATE: '0.5', SLOW_CALL_RATE: '0.8', SLOW_CALL_SECONDS: '2', IGNORED_ERRORS: 'A,B' };
    const shares = { failure_rate: 0.5, slow_call_rate: 0.8, slow_call_seconds: 2, ignored_errors: ['A', 'B'] };
    expect(breakerConfigOf(settingsOf(env), null)).toEqual({ ...PLATFORM, ...shares });
  });

  it('is of the definition or agent, else the tenant, else the platform', () => {
    const tenant = { failure_threshold: 7, failure_rate: 0.5, window_seconds: 10 };
    const own = { failure_threshold: 2, reset_timeout_seconds: 1, ignored_errors: [] };
    const settings = settingsOf({ FAILURE_RATE: '0.9', IGNORED_ERRORS: 'A', MINIMUM_CALLS: '4' });
    expect(breakerConfigOf(settings, tenant, own)).toEqual({
      failure_threshold: 2,
      failure_rate: 0.5,
      window_seconds: 10,
      reset_timeout_seconds: 1,
      half_open_max_calls: 3,
      minimum_calls: 4,
      ignored_errors: [],
    });
  });
});
