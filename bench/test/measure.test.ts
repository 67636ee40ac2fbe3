import { describe, expect, it } from '@jest/globals';
import { timesAtOnce } from '../src/run/at-once.js';
import { type Benchmark, type Side } from '../src/run/benchmark.js';
import { measure } from '../src/run/measure.js';
import { promisesOf, resultOf } from '../src/run/result.js';
import { tableOf } from '../src/run/table.js';

const side = (name: string, log: string[], value: number): Side => ({
  round: async () => {
    log.push(name);
    return [value];
  },
});

const BENCHMARK: Benchmark = {
  name: 'x.c1',
  unit: 'ms',
  against: 'y',
  goal: { kind: 'ratio', most: 0.5 },
  limit: { of: 'x', ms: 10 },
  open: () => Promise.reject(new Error('not opened here')),
};

const samplesOf = (measured: number[], against: number[]) => ({ measured, against, besides: [], rounds: 3 });

describe('rounds', () => {
  it('are taken in turn, each side first in every other one, after one that does not count', async () => {
    const log: string[] = [];
    const samples = await measure({ measured: side('a', log, 1), against: side('b', log, 2) }, 3);
    expect(log).toEqual(['a', 'b', 'a', 'b', 'b', 'a', 'a', 'b']);
    expect(samples).toEqual({ measured: [1, 1, 1], against: [2, 2, 2], besides: [], rounds: 3 });
  });

  it('begin with each side in turn, where several are compared', async () => {
    const log: string[] = [];
    const besides = [{ name: 'c', ...side('c', log, 3) }];
    const samples = await measure({ measured: side('a', log, 1), against: side('b', log, 2), besides }, 3);
    expect(log.slice(3).join('')).toBe('abcbcacab');
    expect(samples.besides).toEqual([{ name: 'c', samples: [3, 3, 3] }]);
  });
});

describe('calls at once', () => {
  it('are as many as asked for, and never more at a time', async () => {
    let now = 0;
    let most = 0;
    const seen: number[] = [];
    const took = await timesAtOnce(10, 3, async (index) => {
      most = Math.max(most, ++now);
      seen.push(index);
      await new Promise(setImmediate);
      now--;
    });
    expect(took).toHaveLength(10);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
  });

  it('fail as soon as one fails', async () => {
    await expect(timesAtOnce(4, 2, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });
});

describe('a result', () => {
  it('is compared with the best, where the goal is so, and names it; the others are told as well', () => {
    const samples = { ...samplesOf([4], [8]), besides: [{ name: 'z', samples: [5] }] };
    const best = resultOf({ ...BENCHMARK, best: true }, samples, []);
    expect(best.entry).toMatchObject({ against: 'best of peers: z', against_p50: 5, ratio: 0.8 });
    expect(best.besides).toEqual([{ name: 'y', p50: 8, ratio: 0.5 }]);
    expect(resultOf(BENCHMARK, samples, []).entry).toMatchObject({ against: 'y', against_p50: 8, ratio: 0.5 });
    expect(tableOf([best])).toContain('x.c1 beside y: 8.00 ms, ratio 0.50');
  });

  it('of a figure without a goal is no promise', () => {
    const figure = resultOf({ ...BENCHMARK, goal: { kind: 'none' }, limit: undefined }, samplesOf([9], [1]), []);
    expect(promisesOf(figure)).toEqual([]);
    expect(tableOf([figure])).not.toContain('met');
  });

  it('has the members that the file promises, and the ratio of the medians', () => {
    const { entry } = resultOf(BENCHMARK, samplesOf([1, 2, 3], [4, 8, 16]), []);
    const { name, unit, against } = BENCHMARK;
    expect(entry).toEqual({ name, p50: 2, p99: 3, unit, against, against_p50: 8, ratio: 0.25, rounds: 3 });
  });

  it('says of each promise whether it was kept', () => {
    const met = (measured: number[]) =>
      promisesOf(resultOf(BENCHMARK, samplesOf(measured, [8]), [{ says: 'drained', met: true }])).map(({ met }) => met);
    expect(met([4, 4, 4])).toEqual([true, true, true]);
    expect(met([4, 4, 10])).toEqual([true, false, true]);
    expect(met([5, 5, 5])).toEqual([false, true, true]);
  });

  it('counts a limit in ms, whatever the unit', () => {
    const micro: Benchmark = { ...BENCHMARK, unit: 'us', goal: { kind: 'p99', most: 50 } };
    const { goal, limit } = resultOf(micro, samplesOf([60], [1]), []);
    expect(goal).toEqual({ says: 'p99 < 50 us', met: false });
    expect(limit?.met).toBe(true);
  });
});

describe('the table', () => {
  it('has a line a result and a line a further promise', () => {
    const text = tableOf([resultOf(BENCHMARK, samplesOf([5], [8]), [{ says: '900 events/s', met: false }])]);
    const lines = text.split('\n');
    expect(lines[1]).toMatch(/^x\.c1 +5\.00 +5\.00 +ms +y +8\.00 +0\.63 +ratio <= 0\.5 +NOT MET$/);
    expect(lines.slice(3)).toEqual(['900 events/s: NOT MET', 'x < 10 ms at p99: 5 ms (x.c1): met']);
  });
});
