import { describe, expect, it } from '@jest/globals';
import type { RetryPolicy } from '@aumos/agf-domain';
import { functionSchedule, intervalMs } from '../src/workflow/run/call-policy.js';

const scheduleOf = (retry: RetryPolicy) => functionSchedule({ id: 'f', type: 'function', handler: 'h', retry });
const TEN_YEARS_MS = 315_360_000_000;

describe('the retries of a call', () => {
  it.each<[RetryPolicy, object]>([
    [{ max_interval_ms: 500 }, { initialMs: 500, maxMs: 500 }],
    [
      { initial_interval_ms: 9e15, max_interval_ms: 9e15 },
      { initialMs: TEN_YEARS_MS, maxMs: TEN_YEARS_MS },
    ],
    [
      { initial_interval_ms: 2_000, max_interval_ms: 5_000 },
      { initialMs: 2_000, maxMs: 5_000 },
    ],
  ])('are none that Temporal refuses: %j', (retry, schedule) => {
    expect(scheduleOf(retry)).toMatchObject(schedule);
  });

  it('have a longest interval that fits a timer, where none is said', () => {
    expect(intervalMs(scheduleOf({ initial_interval_ms: 9e15 }), 1_000)).toBe(TEN_YEARS_MS);
  });
});
