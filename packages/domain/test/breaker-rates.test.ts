import { describe, expect, it } from '@jest/globals';
import {
  type BreakerConfig,
  type BreakerRecord,
  type CallOutcome,
  countsOf,
  countsOnce,
  DEFAULT_BREAKER_CONFIG,
  isSlow,
  type Permit,
  reportChain,
  reportToBreaker,
  untouchedBreaker,
} from '../src/index.js';

const T = 1_795_000_000_000;
const rated: BreakerConfig = { ...DEFAULT_BREAKER_CONFIG, failure_threshold: 1_000, minimum_calls: 10 };
const byFailures: BreakerConfig = { ...rated, failure_rate: 0.5 };
const bySlowness: BreakerConfig = { ...rated, slow_call_rate: 0.5, slow_call_seconds: 2 };

type Call = { outcome: CallOutcome; slow: boolean };
const good = { outcome: 'success', slow: false } as const;
const slow = { outcome: 'success', slow: true } as const;
const bad = { outcome: 'failure', slow: false } as const;
const times = (n: number, call: Call): Call[] => Array.from({ length: n }, () => call);
const after = (config: BreakerConfig, calls: Call[], from: BreakerRecord = untouchedBreaker(), at = T) =>
  calls.reduce<{ next: BreakerRecord; reasons: string[] }>(
    ({ next, reasons }, call) => {
      const step = reportToBreaker(next, config, { id: 'p', epoch: next.epoch }, call, at, 0);
      return { next: step.next, reasons: [...reasons, ...step.changes.map(({ reason }) => reason)] };
    },
    { next: from, reasons: [] },
  );

describe('a breaker with a failure rate', () => {
  it('opens at the share, from the minimum of calls on', () => {
    const nine = after(byFailures, [...times(4, good), ...times(5, bad)]);
    expect(nine.next).toMatchObject({ state: 'closed' });
    const { next, reasons } = after(byFailures, [good], nine.next);
    expect(reasons).toEqual(['failure_rate']);
    expect(next).toMatchObject({ state: 'open', counts: { failures: 5, calls: 10, slow: 0 } });
  });

  it('stays closed below it, however many calls', () => {
    const { next } = after(byFailures, [...times(500, good), ...times(499, bad)]);
    expect(next.state).toBe('closed');
    expect(countsOf(next, T)).toEqual({ failures: 499, calls: 999, slow: 0 });
  });

  it('opens by the count all the same', () => {
    const { reasons } = after({ ...byFailures, failure_threshold: 3 }, [...times(100, good), ...times(3, bad)]);
    expect(reasons).toEqual(['failure_threshold']);
  });

  it('forgets calls with their window', () => {
    const healthy = after(byFailures, times(100, good)).next;
    expect(after(byFailures, times(10, bad), healthy, T + 62_000).reasons).toEqual(['failure_rate']);
  });

  it('judges from twenty calls on, where nothing else is said', () => {
    const config = { ...byFailures, minimum_calls: undefined };
    expect(after(config, times(19, bad)).next.state).toBe('closed');
    expect(after(config, times(20, bad)).reasons).toEqual(['failure_rate']);
  });

  it('counts nothing that is ignored', () => {
    const ignored = { outcome: 'ignored', slow: true } as const;
    expect(after(byFailures, times(50, ignored)).next).toEqual(untouchedBreaker());
  });
});

describe('a breaker with a rate of slow calls', () => {
  it('opens by slow successes', () => {
    const { next, reasons } = after(bySlowness, [...times(5, good), ...times(5, slow)]);
    expect(reasons).toEqual(['slow_call_rate']);
    expect(next).toMatchObject({ counts: { failures: 0, calls: 10, slow: 5 } });
  });

  it('counts a slow failure as both', () => {
    const { next } = after(bySlowness, [...times(5, good), { outcome: 'failure', slow: true }]);
    expect(countsOf(next, T)).toEqual({ failures: 1, calls: 6, slow: 1 });
  });

  it('takes a slow probe for a failed one, and only there', () => {
    const half: BreakerRecord = {
      state: 'half_open',
      epoch: 7,
      since: T,
      successes: 0,
      counts: { failures: 0, calls: 10, slow: 5 },
      leases: { p: T + 1_000 },
    };
    expect(after(bySlowness, [slow], half).reasons).toEqual(['probe_failed']);
    expect(after(byFailures, [slow], half).next).toMatchObject({ state: 'half_open', successes: 1 });
  });
});

describe('what is slow', () => {
  it.each([
    [2, 2_001, true],
    [2, 2_000, false],
    [2, undefined, false],
    [undefined, 1e9, false],
  ])('over %s s, %s ms: %s', (slow_call_seconds, took, expected) => {
    expect(isSlow({ ...rated, slow_call_seconds }, took)).toBe(expected);
  });
});

describe('a report for links that differ', () => {
  const permit: Permit = {
    id: 'p',
    links: [
      { key: 'tool:t', epoch: 0, config: rated },
      { key: 'agent:a', epoch: 0, config: bySlowness },
    ],
  };

  it('counts for each what it says of each', () => {
    const outcome = (key: string): CallOutcome => (key === 'tool:t' ? 'failure' : 'success');
    const { writes } = reportChain(new Map(), permit, { outcome, took_ms: 2_500 }, T, 0);
    expect([...writes].map(([key, record]) => [key, countsOf(record, T)])).toEqual([
      ['tool:t', { failures: 1, calls: 1, slow: 0 }],
      ['agent:a', { failures: 0, calls: 1, slow: 1 }],
    ]);
  });

  it('is one that must count once, if anything of it is kept', () => {
    expect(countsOnce(permit, 'success')).toBe(true);
    expect(countsOnce(permit, 'ignored')).toBe(false);
    const unrated = { ...permit, links: permit.links.slice(0, 1) };
    expect(countsOnce(unrated, 'success')).toBe(false);
    expect(countsOnce(unrated, 'failure')).toBe(true);
  });
});
