import type { Admission, BreakerKey } from '@aumos/agf-domain';
import { describe, expect, it } from '@jest/globals';
import type { SeedRun } from './drive/run-seed.js';
import type { ToldCall } from './drive/told.js';
import { judge } from './oracle/judge.js';
import type { HistoryRow, Stored } from './oracle/stored.js';
import { COUNTED, ISOLATED, type Plan } from './plan.js';

const KEY = 'tool:shaky';
const CONFIG = { failure_threshold: 1, window_seconds: 10, reset_timeout_seconds: 1, half_open_max_calls: 1 };

type States = Pick<HistoryRow, 'from_state' | 'to_state'>;
const row = (from_state: States['from_state'], to_state: States['to_state'], at: number): HistoryRow => ({
  circuit_key: KEY,
  from_state,
  to_state,
  epoch: at,
  reason: 'any',
  at,
  stream_id: `${String(at)}-0`,
  position: at,
});

const HISTORY = [row('closed', 'open', 1_000), row('open', 'half_open', 2_000), row('half_open', 'closed', 2_100)];

/** A call of these, asked at a time and answered 5 ms later, of an era. */
function call(asked: number, more: Partial<ToldCall> & { epoch?: number; key?: BreakerKey } = {}): ToldCall {
  const { epoch = 0, key = KEY, ...rest } = more;
  const admission: Admission = { admitted: true, permit: { id: 'x', links: [{ key, epoch, config: CONFIG }] } };
  const reported = { outcome: 'success', begun: asked + 10, ended: asked + 12, sure: true } as const;
  return { keys: [key], level: 2, lease_ms: 300, asked, answered: asked + 5, admission, reported, ...rest };
}

const degraded = (key: BreakerKey): Admission =>
  ({ admitted: true, permit: { id: 'x', links: [] }, degraded: true, key }) as Admission;

/** All as it must be: opened, probed once, closed. */
function well(): { run: SeedRun; stored: Stored } {
  const told = {
    calls: [call(500), call(2_000, { epoch: 2_000 }), call(2_200, { epoch: 2_100 })],
    counted: [0, 1].map((i) => ({ begun: 100 + i, ended: 110 + i })),
    flushes: [],
    isolated: { begun: 0, ended: 3_000 },
  };
  const plan = { breakers: [{ key: KEY, config: CONFIG }] } as unknown as Plan;
  const stream = HISTORY.map(({ stream_id }) => ({ stream_id, key: KEY, to: 'open' }));
  const stored: Stored = {
    stream: stream as unknown as Stored['stream'],
    history: [...HISTORY],
    events: [
      { type: 'opened', circuit_key: KEY, epoch: 1_000, version: 1 },
      { type: 'closed', circuit_key: KEY, epoch: 2_100, version: 2 },
    ],
    unsent: 0,
    known: [{ circuit_key: KEY, state: 'closed', epoch: 2_100 }],
    live: [
      { circuit_key: KEY, state: 'closed', epoch: 2_100, failure_count: 0 },
      { circuit_key: COUNTED, state: 'closed', epoch: 0, failure_count: 2 },
    ],
  };
  return { run: { plan, tenant: 't', told }, stored };
}

const FLUSH = { begun: 2_500, ended: 2_510 };
type Case = ReturnType<typeof well>;

describe('the oracle', () => {
  it('finds nothing where all is as it must be', () => {
    const { run, stored } = well();
    expect(judge(run, stored)).toEqual([]);
  });

  it.each<[string, (all: Case) => unknown, RegExp]>([
    ['a row twice', ({ stored }) => stored.history.push(HISTORY[1]!), /half_open|2 rows/],
    ['a row that is missing', ({ stored }) => stored.history.splice(1, 1), /0 rows/],
    ['a gap in the chain', ({ stored }) => stored.history.splice(1, 1), /a gap/],
    ['an epoch twice', ({ stored }) => (stored.history[1] = { ...HISTORY[1]!, epoch: 1_000 }), /does not grow/],
    ['a row of what never was', ({ stored }) => stored.stream.splice(2, 1), /never happened/],
    [
      'a loss where nothing was lost',
      ({ stored }) => stored.history.push({ ...row('closed', 'closed', 2_200), reason: 'store_lost' }),
      /2200-0\): never happened/,
    ],
    [
      'a loss that nobody told of',
      ({ run, stored }) => {
        run.told.flushes.push(FLUSH);
        stored.history.push(row('half_open', 'closed', 2_600));
      },
      /a gap/,
    ],
    ['an event that is missing', ({ stored }) => stored.events.pop(), /closed 2100: no event/],
    ['an event twice', ({ stored }) => stored.events.push(stored.events[1]!), /an event too many/],
    ['versions with a hole', ({ stored }) => (stored.events[1]!.version = 3), /versions are 1, 3/],
    ['an event of half open', ({ stored }) => (stored.events[0]!.epoch = 2_000), /opened 2000: an event too many/],
    ['another state', ({ stored }) => (stored.known[0]!.state = 'open'), /closed in Redis, open in PostgreSQL/],
    ['another epoch', ({ stored }) => (stored.live[0]!.epoch = 2_101), /epochs 2101, 2100/],
    ['a state nobody wrote down', ({ stored }) => stored.known.pop(), /epochs 2100, 0/],
    [
      'an open one that was flushed',
      ({ stored }) => void (stored.live.shift(), (stored.known[0]!.state = 'open')),
      /open in PostgreSQL/,
    ],
    ['a failure too few', ({ stored }) => (stored.live[1]!.failure_count = 1), /1 counted of 2 to 2/],
    ['a failure twice', ({ stored }) => (stored.live[1]!.failure_count = 3), /3 counted of 2 to 2/],
    ['failures from before a flush', ({ run }) => run.told.flushes.push(FLUSH), /2 counted of 0 to 0/],
    ['a call while it was open', ({ run }) => run.told.calls.push(call(1_500)), /500 ms after it opened/],
    ['two probes at once', ({ run }) => run.told.calls.push(call(2_003, { epoch: 2_000 })), /2 of 1 permits/],
    ['a probe after the last one', ({ run }) => run.told.calls.push(call(2_050, { epoch: 2_000 })), /2 of 1 permits/],
    ['a call of an isolated one', ({ run }) => run.told.calls.push(call(600, { key: ISOLATED })), /by Redis 600 ms/],
    [
      'the same while Redis was away',
      ({ run }) => run.told.calls.push(call(600, { key: ISOLATED, admission: degraded(ISOLATED) })),
      /in this process 600 ms/,
    ],
    [
      'what is risky while Redis was away',
      ({ run }) => run.told.calls.push(call(600, { level: 3, admission: degraded(KEY) })),
      /level 3 was admitted/,
    ],
  ])('finds %s', (_, spoil, said) => {
    const all = well();
    spoil(all);
    expect(judge(all.run, all.stored).join('\n')).toMatch(said);
  });

  it.each<[string, (all: Case) => unknown]>([
    [
      'a breaker that begins anew after a flush, and failures that went with it',
      ({ run, stored }) => {
        run.told.flushes.push({ begun: 1_500, ended: 1_510 });
        const lost = { ...row('open', 'closed', 1_590), epoch: 1_000, reason: 'store_lost' };
        stored.history = [HISTORY[0]!, lost, row('closed', 'open', 1_600), ...HISTORY.slice(1)];
        stored.stream = stored.history.slice(2).map(({ stream_id }) => ({ stream_id }) as Stored['stream'][number]);
        const told = [
          [1_000, 'opened'],
          [1_000, 'closed'],
          [1_600, 'opened'],
          [2_100, 'closed'],
        ] as const;
        stored.events = told.map(([epoch, type], i) => ({ type, circuit_key: KEY, epoch, version: i + 1 }));
        stored.live.pop();
      },
    ],
    [
      'a probe after the lease of one that crashed',
      ({ run }) => {
        run.told.calls[1] = call(2_000, { epoch: 2_000, reported: null, lease_ms: 40 });
        run.told.calls.push(call(2_050, { epoch: 2_000 }));
      },
    ],
    ['a call of an isolated one after its release', ({ run }) => run.told.calls.push(call(3_100, { key: ISOLATED }))],
  ])('finds nothing in %s', (_, change) => {
    const all = well();
    change(all);
    expect(judge(all.run, all.stored)).toEqual([]);
  });
});
