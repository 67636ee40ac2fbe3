import type { BreakerConfig, BreakerKey } from '@aumos/agf-domain';
import { type Arbitrary, constantFrom, double, integer, option, record, sample, tuple, uniqueArray } from 'fast-check';

/** A time in the load, 0 its begin, 1 its end. */
type At = number;

/** What is done to the machines. A stall ends, and what is down comes back, after `ms`. */
export type Fault =
  | { at: At; on: 'redis'; what: 'kill' | 'stop' | 'stall'; ms: number }
  | { at: At; on: 'redis'; what: 'flush' | 'forget scripts' }
  | { at: At; on: 'monitor'; which: number; what: 'kill' | 'stop' | 'stall'; ms: number };

export interface Illness {
  of: BreakerKey;
  from: At;
  to: At;
}

/** What one seed does. */
export interface Plan {
  seed: number;
  load_ms: number;
  /** instances that guard calls, each with a connection of its own */
  callers: number;
  /** calls of one instance that are under way at once */
  lanes: number;
  breakers: { key: BreakerKey; config: BreakerConfig }[];
  /** while it is ill, every call of it fails */
  illnesses: Illness[];
  /** when 50 calls of `COUNTED` fail at once */
  bursts: At[];
  /** when a call of `LEFT_OPEN` fails */
  leaves_open: At;
  /** when `ISOLATED` is released; null: it stays isolated */
  release: At | null;
  faults: Fault[];
}

/** Never opens by itself: every failure that is reported is counted. */
export const COUNTED: BreakerKey = 'tool:counted';
/** Opens at its first failure, and nobody calls it again: once lost, only a monitor can open it anew. */
export const LEFT_OPEN: { key: BreakerKey; config: BreakerConfig } = {
  key: 'tool:left_open',
  config: { failure_threshold: 1, window_seconds: 60, reset_timeout_seconds: 8, half_open_max_calls: 1 },
};
/** Isolated before the first call. */
export const ISOLATED: BreakerKey = 'tool:csv_read';

export const MONITORS = 2;
const LOAD_MS = 2_000;

const at = double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
const ms = integer({ min: 20, max: 900 });

const counts = record({
  failure_threshold: integer({ min: 1, max: 6 }),
  window_seconds: constantFrom(1, 10, 60),
  reset_timeout_seconds: constantFrom(0.05, 0.2, 0.5, 1.5),
  half_open_max_calls: integer({ min: 1, max: 3 }),
});
const rates = constantFrom(
  {},
  { failure_rate: 0.5, minimum_calls: 5, failure_threshold: 50 },
  { slow_call_rate: 0.6, slow_call_seconds: 0.015, minimum_calls: 10 },
);
const config: Arbitrary<BreakerConfig> = tuple(counts, rates).map(([count, rate]) => ({ ...count, ...rate }));

const plan = (key: (kind: 'agent' | 'workflow') => BreakerKey): Arbitrary<Omit<Plan, 'seed'>> => {
  const keys: BreakerKey[] = [key('agent'), 'tool:shaky', key('workflow')];
  return record({
    load_ms: integer({ min: LOAD_MS, max: LOAD_MS * 1.5 }),
    callers: integer({ min: 2, max: 3 }),
    lanes: integer({ min: 2, max: 6 }),
    breakers: record({ a: config, b: config, c: config }).map((of) =>
      Object.values(of).map((each, i) => ({ key: keys[i]!, config: each })),
    ),
    illnesses: uniqueArray(
      record({ of: constantFrom(...keys), from: at, length: double({ min: 0.05, max: 0.4, noNaN: true }) }),
      { minLength: 2, maxLength: 5 },
    ).map((all) => all.map(({ of, from, length }) => ({ of, from, to: from + length }))),
    bursts: uniqueArray(at, { minLength: 1, maxLength: 3 }),
    leaves_open: double({ min: 0, max: 0.5, noNaN: true }),
    release: option(at, { freq: 2 }),
    faults: uniqueArray(fault, { minLength: 1, maxLength: 4 }).map((all) => all.sort((a, b) => a.at - b.at)),
  });
};

const harm = constantFrom('kill' as const, 'stop' as const, 'stall' as const);
const fault: Arbitrary<Fault> = record({
  at,
  ms,
  harm,
  which: integer({ min: 0, max: MONITORS - 1 }),
  kind: constantFrom('redis', 'monitor', 'redis', 'monitor', 'flush', 'forget scripts'),
}).map(({ at, ms, harm, which, kind }): Fault => {
  if (kind === 'monitor') return { at, on: 'monitor', which, what: harm, ms };
  return kind === 'redis' ? { at, on: 'redis', what: harm, ms } : { at, on: 'redis', what: kind as 'flush' };
});

/** The same of the same seed. */
export const planOf = (seed: number, key: (kind: 'agent' | 'workflow') => BreakerKey): Plan => {
  const [drawn] = sample(plan(key), { seed, numRuns: 1 });
  return { seed, ...drawn! };
};
