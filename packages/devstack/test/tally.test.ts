import { describe, expect, it } from '@jest/globals';
import { add, summary, tallyOfChecks, tallyOfJest } from '../src/test-run/tally.js';

const result = { numPassedTests: 5, numFailedTests: 0, numRuntimeErrorTestSuites: 0, success: true };

describe('the tally of a test run', () => {
  it('counts tests, and suites that did not load', () => {
    expect(tallyOfJest(result)).toEqual({ passed: 5, failed: 0 });
    expect(tallyOfJest({ ...result, numFailedTests: 2, success: false })).toEqual({ passed: 5, failed: 2 });
    expect(tallyOfJest({ ...result, numRuntimeErrorTestSuites: 1, success: false })).toEqual({ passed: 5, failed: 1 });
  });

  it('never takes a crash for a success', () => {
    expect(tallyOfJest(undefined)).toEqual({ passed: 0, failed: 1 });
    expect(tallyOfJest({ ...result, success: false })).toEqual({ passed: 5, failed: 1 });
    expect(tallyOfChecks('', 1)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts checks by their lines', () => {
    expect(tallyOfChecks('ok   format (1.0 s)\nFAIL lint (2.0 s)\nsome output\nok   types (3 s)\n', 1)).toEqual({
      passed: 2,
      failed: 1,
    });
  });

  it('ends in one line', () => {
    expect(summary(add({ passed: 1, failed: 0 }, { passed: 2, failed: 3 }))).toBe('3 passed, 3 failed');
  });
});
