import { describe, expect, it } from '@jest/globals';
import { checkBreakerSettings, defineWorkflow, InvalidWorkflowError, parseDefinition } from '../src/index.js';
import { datasetPublish } from './definition-fixtures.js';

const WHOLE = {
  failure_threshold: 5,
  failure_rate: 0.5,
  slow_call_rate: 1,
  slow_call_seconds: 0.2,
  minimum_calls: 10,
  window_seconds: 30,
  reset_timeout_seconds: 1.5,
  half_open_max_calls: 2,
  ignored_errors: ['LATE', 'NOT_FOUND'],
};

const WRONG: [settings: object, field: string, rule: string, message: RegExp][] = [
  [{ failure_threshold: 0 }, 'failure_threshold', 'OUT_OF_RANGE', /failure_threshold is too small: at least 1/],
  [{ failure_threshold: 1.5 }, 'failure_threshold', 'WRONG_TYPE', /failure_threshold must be/],
  [{ failure_rate: 0 }, 'failure_rate', 'OUT_OF_RANGE', /failure_rate is too small: more than 0/],
  [{ failure_rate: 2 }, 'failure_rate', 'OUT_OF_RANGE', /failure_rate is too large: at most 1/],
  [{ slow_call_rate: '1', slow_call_seconds: 1 }, 'slow_call_rate', 'WRONG_TYPE', /slow_call_rate must be/],
  [{ slow_call_rate: 0.5 }, 'slow_call_rate', 'INVALID_VALUE', /slow_call_rate: needs slow_call_seconds beside it/],
  [{ window_seconds: 86_401 }, 'window_seconds', 'OUT_OF_RANGE', /window_seconds is too large: at most 86400/],
  [{ ignored_errors: 'LATE' }, 'ignored_errors', 'WRONG_TYPE', /ignored_errors must be/],
  [{ failures: 3 }, 'failures', 'UNKNOWN_MEMBER', /unknown member failures/],
];

describe('settings of breakers', () => {
  it('are taken as they are, each of them optional', () => {
    expect(checkBreakerSettings(WHOLE)).toEqual({ settings: WHOLE });
    expect(checkBreakerSettings({})).toEqual({ settings: {} });
    expect(checkBreakerSettings({ slow_call_seconds: 9 })).toEqual({ settings: { slow_call_seconds: 9 } });
  });

  it.each([null, [], 'x', 1, undefined])('are an object: %j is none', (input) => {
    expect(checkBreakerSettings(input)).toHaveProperty('fields');
  });

  it.each(WRONG)('of an agent or a tenant that are %j name the member', (settings, field) => {
    expect(checkBreakerSettings(settings)).toMatchObject({ fields: [{ field }] });
  });

  it.each(WRONG)('of a definition that are %j stop its publication: %s', (settings, field, rule, message) => {
    const { definition, findings } = parseDefinition({ ...datasetPublish(), circuit_breaker: settings });
    expect(definition).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        ...{ severity: 'error', rule, pointer: `/circuit_breaker/${field}` },
        message: expect.stringMatching(message) as unknown,
      }),
    ]);
  });

  it('are said in code as well', () => {
    const built = defineWorkflow('w').node('a', { type: 'transform', set: {} }).edge('START', 'a').edge('a', 'END');
    expect(built.circuitBreaker(WHOLE).build().circuit_breaker).toEqual(WHOLE);
    expect(() => built.circuitBreaker({ slow_call_rate: 0.5 }).build()).toThrow(InvalidWorkflowError);
  });
});
