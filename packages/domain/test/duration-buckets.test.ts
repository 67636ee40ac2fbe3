import { describe, expect, it } from '@jest/globals';
import { durationAt, durationBucket } from '../src/index.js';

const counted = (durations: readonly number[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const ms of durations) counts[durationBucket(ms)] = (counts[durationBucket(ms)] ?? 0) + 1;
  return counts;
};

describe('durations in buckets', () => {
  it.each([0, 0.5, 1])('keeps what took %d ms in the first', (ms) => {
    expect(durationBucket(ms)).toBe(0);
  });

  it.each([2, 37, 1_000, 86_400_000, 31_536_000_000])('reads %d ms back to 2.5 %%', (ms) => {
    const read = durationAt(counted([ms]), 0.5)!;
    // Beside the bucket's width, the rounding to a millisecond.
    expect(Math.abs(read - ms)).toBeLessThanOrEqual(0.5 + ms * 0.025);
  });

  it('finds the median and the slowest of a hundred, as the sorted list has them', () => {
    const durations = Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 10_007);
    const sorted = [...durations].sort((a, b) => a - b);
    for (const quantile of [0.01, 0.5, 0.99, 1]) {
      const exact = sorted[Math.ceil(quantile * sorted.length) - 1]!;
      const read = durationAt(counted(durations), quantile)!;
      expect(Math.abs(read - exact)).toBeLessThanOrEqual(0.5 + exact * 0.025);
    }
  });

  it('knows nothing of nothing', () => {
    expect(durationAt({}, 0.5)).toBeNull();
  });
});
