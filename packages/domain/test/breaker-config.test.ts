import { describe, expect, it } from '@jest/globals';
import { breakerConfig, callOutcome, DEFAULT_BREAKER_CONFIG, parseDefinition } from '../src/index.js';
import { datasetPublish } from './definition-fixtures.js';

const platform = { ...DEFAULT_BREAKER_CONFIG, ignored_errors: ['A'] };

describe('how a breaker is set', () => {
  it('takes each member from the nearest layer that sets it', () => {
    expect(breakerConfig(platform)).toEqual(platform);
    expect(breakerConfig(platform, null, null)).toEqual(platform);
    expect(
      breakerConfig(platform, { failure_threshold: 7, failure_rate: 0.5 }, { failure_threshold: 9, minimum_calls: 3 }),
    ).toEqual({ ...platform, failure_threshold: 9, failure_rate: 0.5, minimum_calls: 3 });
  });

  it('does not let an undefined member hide one below it', () => {
    expect(breakerConfig(platform, { window_seconds: 5 }, { window_seconds: undefined }).window_seconds).toBe(5);
  });

  it('replaces the list of ignored errors as a whole', () => {
    expect(breakerConfig(platform, { ignored_errors: ['B'] }).ignored_errors).toEqual(['B']);
    expect(breakerConfig(platform, { ignored_errors: ['B'] }, { ignored_errors: [] }).ignored_errors).toEqual([]);
  });

  const withBreaker = (circuit_breaker: unknown) =>
    parseDefinition({ ...datasetPublish(), circuit_breaker }).findings.length === 0;
  it.each([
    [{}, true],
    [{ failure_rate: 1, slow_call_rate: 0.01, slow_call_seconds: 0.5, minimum_calls: 1, window_seconds: 10 }, true],
    [{ ignored_errors: ['NOT_FOUND'] }, true],
    [{ failure_rate: 0 }, false],
    [{ failure_rate: 1.01 }, false],
    [{ slow_call_seconds: 0 }, false],
    [{ minimum_calls: 1.5 }, false],
    [{ window_seconds: 86_401 }, false],
    [{ ignored_errors: [''] }, false],
    [{ unknown: 1 }, false],
  ])('in a definition %j is valid: %s', (settings, valid) => expect(withBreaker(settings)).toBe(valid));
});

describe('what a call’s end tells a breaker', () => {
  const failed = (code: string, details = {}) => ({ code, details });
  it.each([
    ['success', null, []],
    ['failure', failed('UPSTREAM_UNREACHABLE'), []],
    ['ignored', failed('UPSTREAM_UNREACHABLE'), ['UPSTREAM_UNREACHABLE']],
    ['failure', failed('UPSTREAM_UNREACHABLE'), ['UPSTREAM']],
    ['ignored', failed('CIRCUIT_OPEN'), []],
    ['ignored', failed('HTTP_404', { fault: 'caller' }), []],
  ] as const)('%s of %j where %j are ignored', (outcome, error, ignored_errors) => {
    expect(callOutcome(error, { ignored_errors })).toBe(outcome);
  });
});
