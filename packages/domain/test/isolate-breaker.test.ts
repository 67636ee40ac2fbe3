import { describe, expect, it } from '@jest/globals';
import {
  acquireBreaker,
  type BreakerRecord,
  checkBreaker,
  DEFAULT_BREAKER_CONFIG,
  isIsolated,
  isolateBreaker,
  releaseBreaker,
  reportToBreaker,
  restoreBreaker,
  tickBreaker,
  untouchedBreaker,
} from '../src/index.js';

const config = DEFAULT_BREAKER_CONFIG;
const T = 1_795_000_000_000;
const YEAR = 31_536_000_000;
const fail = (record: BreakerRecord, at = T, epoch = record.epoch) =>
  reportToBreaker(record, config, { id: 'p', epoch }, { outcome: 'failure', slow: false }, at, 0).next;
const open = Array.from({ length: 5 }).reduce<BreakerRecord>((record) => fail(record), untouchedBreaker());
const isolated = isolateBreaker(untouchedBreaker(), null, T).next;

describe('an isolated breaker', () => {
  it.each([
    ['closed', fail(untouchedBreaker()), 1],
    ['open', open, 5],
    ['half_open', tickBreaker(open, T + 60_000).next, 5],
  ] as const)('was opened whatever it was: %s', (from, record, failures) => {
    const { next, changes } = isolateBreaker(record, T + YEAR, T + 60_000);
    expect(next).toMatchObject({ state: 'open', isolated: true, until: T + YEAR, counts: { failures } });
    expect(next.epoch).toBeGreaterThan(record.epoch);
    expect(changes).toMatchObject([{ from, to: 'open', reason: 'isolated', until: T + YEAR }]);
  });

  it('refuses for ever without an end, and says to ask again after a reset', () => {
    expect(checkBreaker(isolated, config, T + YEAR)).toEqual({ admitted: false, retry_after_ms: 60_000 });
    expect(acquireBreaker(isolated, config, { id: 'p', lease_ms: 1 }, T + YEAR)).toEqual({
      admitted: false,
      state: 'open',
      retry_after_ms: 60_000,
    });
    expect(tickBreaker(isolated, T + YEAR).next).toBe(isolated);
  });

  it('may be probed from its end on, like after a reset', () => {
    const day = isolateBreaker(untouchedBreaker(), T + 86_400_000, T).next;
    expect(checkBreaker(day, config, T + 1)).toEqual({ admitted: false, retry_after_ms: 86_399_999 });
    expect(isIsolated(day, T + 86_399_999)).toBe(true);
    expect(isIsolated(day, T + 86_400_000)).toBe(false);
    const { next, changes } = tickBreaker(day, T + 86_400_000);
    expect(next).not.toHaveProperty('isolated');
    expect(changes).toMatchObject([{ from: 'open', to: 'half_open', reason: 'reset_timeout' }]);
  });

  it('is the same by the same order; another end is another era', () => {
    expect(isolateBreaker(isolated, null, T + 5).next).toBe(isolated);
    const { next, changes } = isolateBreaker(isolated, T + 1_000, T + 5);
    expect(changes).toMatchObject([{ from: 'open', to: 'open', reason: 'isolated', epoch: T + 5, until: T + 1_000 }]);
    expect(isolateBreaker(next, T + 1_000, T + 10).next).toBe(next);
  });

  it('is not made by an order that is over', () => {
    expect(isolateBreaker(open, T, T).next).toBe(open);
  });

  it('takes no report, of whatever era', () => {
    expect(fail(isolated, T, 0)).toBe(isolated);
    expect(fail(isolated)).toBe(isolated);
  });
});

describe('a release', () => {
  it.each([
    ['open', open],
    ['open', isolated],
    ['half_open', tickBreaker(open, T + 60_000).next],
  ] as const)('closes what is %s, with nothing counted', (from, record) => {
    const { next, changes } = releaseBreaker(record, T + 60_000);
    expect(next).toEqual({ state: 'closed', epoch: next.epoch, since: T + 60_000, window_ms: 0, buckets: [] });
    expect(next.epoch).toBeGreaterThan(record.epoch);
    expect(changes).toMatchObject([{ from, to: 'closed', reason: 'released', until: null }]);
    expect(fail(next, T + 60_000, record.epoch)).toBe(next);
  });

  it('leaves what is closed', () => {
    const one = fail(untouchedBreaker());
    expect(releaseBreaker(one, T).next).toBe(one);
  });
});

describe('a restoration', () => {
  const lost = { epoch: T - 5_000, since: T - 5_000, until: T + 55_000, failure_count: 5 };

  it('opens again, for as long as it would have been, in a new era', () => {
    const { next, changes } = restoreBreaker(untouchedBreaker(), lost, T);
    const counts = { failures: 5, calls: 5, slow: 0 };
    expect(next).toEqual({ state: 'open', epoch: T, since: T - 5_000, until: T + 55_000, counts });
    expect(changes).toEqual([
      { from: 'open', to: 'open', epoch: T, counts, reason: 'restored', until: T + 55_000, at: T },
    ]);
  });

  it('goes beyond the epoch that was lost, also where the clock stands before it', () => {
    expect(restoreBreaker(untouchedBreaker(), { ...lost, epoch: T + 9 }, T).next.epoch).toBe(T + 10);
  });

  it('goes over failures that were counted since the loss', () => {
    expect(restoreBreaker(fail(untouchedBreaker()), lost, T).next.state).toBe('open');
  });

  it('leaves whatever is of an era', () => {
    for (const record of [open, isolated, releaseBreaker(open, T).next, tickBreaker(open, T + 60_000).next])
      expect(restoreBreaker(record, lost, T).next).toBe(record);
  });
});
