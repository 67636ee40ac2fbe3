import { describe, expect, it } from '@jest/globals';
import {
  acquireBreaker,
  acquireChain,
  type BreakerKey,
  functionBreakerKey,
  type BreakerRecord,
  type CallOutcome,
  checkBreaker,
  countsOf,
  DEFAULT_BREAKER_CONFIG,
  distinctLinks,
  reportChain,
  reportToBreaker,
  tickBreaker,
  untouchedBreaker,
} from '../src/index.js';

const config = DEFAULT_BREAKER_CONFIG;
const T = 1_795_000_000_000;
const lease = (id: string, lease_ms = 30_000) => ({ id, lease_ms });
const report = (record: BreakerRecord, outcome: CallOutcome, at: number, id = 'p', jitter = 0) =>
  reportToBreaker(record, config, { id, epoch: record.epoch }, { outcome, slow: false }, at, jitter);
const failed = (times: number, at: number, from: BreakerRecord = untouchedBreaker()): BreakerRecord =>
  Array.from({ length: times }).reduce<BreakerRecord>((record) => report(record, 'failure', at).next, from);
const taken = (record: BreakerRecord, id: string, at: number, lease_ms?: number): BreakerRecord => {
  const step = acquireBreaker(record, config, lease(id, lease_ms), at);
  if (!step.admitted) throw new Error('refused');
  return step.step.next;
};

describe('a closed breaker', () => {
  it('opens at the threshold, once, with what it counted', () => {
    const four = failed(4, T);
    expect(four).toMatchObject({ state: 'closed', epoch: 0 });
    const { next, changes } = report(four, 'failure', T);
    const counts = { failures: 5, calls: 5, slow: 0 };
    const until = T + 60_000;
    expect(next).toEqual({ state: 'open', epoch: T, since: T, until, counts });
    expect(changes).toEqual([
      { from: 'closed', to: 'open', epoch: T, counts, reason: 'failure_threshold', until, at: T },
    ]);
  });

  it('counts a failure for the whole window and at most a bucket longer', () => {
    const four = failed(4, T);
    expect(report(four, 'failure', T + 59_999).next.state).toBe('open');
    expect(countsOf(four, T + 60_000).failures).toBe(4);
    expect(report(four, 'failure', T + 61_000).next).toMatchObject({
      state: 'closed',
      buckets: [[T + 61_000, 1, 1, 0]],
    });
    expect(countsOf(four, T + 61_000).failures).toBe(0);
  });

  it('slides: failures spread over more than the window never add up', () => {
    let record: BreakerRecord = untouchedBreaker();
    for (let i = 0; i < 100; i++) record = report(record, 'failure', T + i * 16_000).next;
    expect(record.state).toBe('closed');
  });

  it('learns nothing from success and from what is ignored', () => {
    const record = failed(4, T);
    expect(report(record, 'success', T).next).toBe(record);
    expect(report(record, 'ignored', T).next).toBe(record);
  });
});

describe('an open breaker', () => {
  const open = failed(5, T);

  it('refuses with the time left, and changes nothing', () => {
    expect(acquireBreaker(open, config, lease('p'), T + 1_000)).toEqual({
      admitted: false,
      state: 'open',
      retry_after_ms: 59_000,
    });
    expect(checkBreaker(open, config, T + 1_000)).toEqual({ admitted: false, retry_after_ms: 59_000 });
    expect(tickBreaker(open, T + 59_999).next).toBe(open);
  });

  it('takes reports of before it opened for what they are: late', () => {
    expect(reportToBreaker(open, config, { id: 'p', epoch: 0 }, { outcome: 'failure', slow: false }, T, 0).next).toBe(
      open,
    );
  });

  it('jitters its reset by up to a tenth', () => {
    const at = (jitter: number) => report(failed(4, T), 'failure', T, 'p', jitter).next;
    expect(at(0)).toMatchObject({ until: T + 60_000 });
    expect(at(0.5)).toMatchObject({ until: T + 63_000 });
    expect(at(1)).toMatchObject({ until: T + 66_000 });
  });

  it('becomes half open by time, in a new era', () => {
    const { next, changes } = tickBreaker(open, T + 60_000);
    expect(next).toMatchObject({ state: 'half_open', epoch: T + 60_000, leases: {} });
    expect(changes).toMatchObject([{ from: 'open', to: 'half_open', reason: 'reset_timeout' }]);
    expect(checkBreaker(open, config, T + 60_000)).toEqual({ admitted: true });
  });
});

describe('a half-open breaker', () => {
  const at = T + 60_000;
  const one = taken(failed(5, T), 'a', at);
  const three = taken(taken(one, 'b', at), 'c', at);

  it('admits so many probes and no more', () => {
    expect(acquireBreaker(three, config, lease('d'), at)).toEqual({
      admitted: false,
      state: 'half_open',
      retry_after_ms: 30_000,
    });
  });

  it('closes when all succeed', () => {
    const two = ['a', 'b'].reduce<BreakerRecord>((record, id) => report(record, 'success', at, id).next, three);
    expect(two).toMatchObject({ state: 'half_open', successes: 2 });
    expect(acquireBreaker(two, config, lease('d'), at)).toMatchObject({ admitted: false });
    const { next, changes } = report(two, 'success', at, 'c');
    expect(next).toMatchObject({ state: 'closed', buckets: [] });
    expect(changes).toMatchObject([{ from: 'half_open', to: 'closed', reason: 'probe_succeeded' }]);
    expect(next.epoch).toBeGreaterThan(two.epoch);
  });

  it('opens when one fails', () => {
    const { next, changes } = report(three, 'failure', at + 5, 'b');
    expect(next).toMatchObject({ state: 'open', until: at + 60_005 });
    expect(changes).toMatchObject([{ from: 'half_open', to: 'open', reason: 'probe_failed' }]);
  });

  it('gives an ignored probe’s permit, and a crashed one’s, to others', () => {
    const ignored = report(three, 'ignored', at, 'a').next;
    expect(acquireBreaker(ignored, config, lease('d'), at).admitted).toBe(true);
    expect(acquireBreaker(three, config, lease('d'), at + 30_000).admitted).toBe(true);
    expect(report(three, 'failure', at + 30_000, 'a').next).toBe(three);
  });

  it('does not count a probe twice', () => {
    const once = report(three, 'success', at, 'a').next;
    expect(report(once, 'success', at, 'a').next).toBe(once);
  });

  it('can still close when its limit was lowered meanwhile', () => {
    const two = report(report(three, 'success', at, 'a').next, 'success', at, 'b').next;
    const idle = report(two, 'ignored', at, 'c').next;
    const step = acquireBreaker(idle, { ...config, half_open_max_calls: 1 }, lease('d'), at);
    expect(step.admitted).toBe(true);
  });
});

describe('a clock that steps back', () => {
  it('never takes an epoch back', () => {
    const half = taken(failed(5, T), 'a', T + 60_000);
    expect(report(half, 'failure', T - 5_000, 'a').next.epoch).toBe(T + 60_001);
  });
});

describe('a chain', () => {
  const link = (key: BreakerKey, mode: 'count' | 'check' = 'count') => ({ key, mode, config });

  it('asks each breaker once, and counts where it can', () => {
    const chain = [link('workflow:a', 'check'), link('tool:t'), link('workflow:a'), link('tool:t', 'check')];
    expect(distinctLinks(chain)).toEqual([link('workflow:a'), link('tool:t')]);
  });

  it('is all or nothing', () => {
    const records = new Map<BreakerKey, BreakerRecord>([
      ['agent:a', failed(5, T)],
      ['workflow:w', failed(5, T + 30_000)],
    ]);
    const { admission, step } = acquireChain(
      records,
      [link('agent:a'), link('workflow:w', 'check')],
      lease('p'),
      T + 60_000,
    );
    expect(admission).toEqual({ admitted: false, key: 'workflow:w', state: 'open', retry_after_ms: 30_000 });
    expect(step).toEqual({ writes: new Map(), changes: [] });
  });

  it('reports to the breakers it took from, not to those it looked at', () => {
    const { admission } = acquireChain(new Map(), [link('tool:t'), link('workflow:w', 'check')], lease('p'), T);
    if (!admission.admitted) throw new Error('refused');
    expect(admission.permit).toEqual({ id: 'p', links: [{ key: 'tool:t', epoch: 0, config }] });
    expect([...reportChain(new Map(), admission.permit, { outcome: 'failure' }, T, 0).writes.keys()]).toEqual([
      'tool:t',
    ]);
  });
});

describe("a handler's breaker", () => {
  it('has the form of a tool, and is no tool', () => {
    expect(functionBreakerKey({ handler: 'score' })).toBe('tool:function.score');
    expect(functionBreakerKey({ handler: 'score', task_queue: 'agf-nodes-a' })).toBe('tool:function.score.agf-nodes-a');
    const longest = functionBreakerKey({ handler: 'h'.repeat(64), task_queue: 'ä:'.repeat(64) });
    expect(longest).toMatch(/^tool:[A-Za-z][A-Za-z0-9_.-]{0,127}$/);
  });
});
