import {
  type BreakerConfig,
  type BreakerKey,
  type CallOutcome,
  type ChainLink,
  distinctLinks,
} from '@aumos/agf-domain';
import fc from 'fast-check';

export const KEYS: BreakerKey[] = ['agent:a', 'tool:b', 'workflow:c'];

export interface Asked {
  chain: ChainLink[];
  lease_ms: number;
}
/** What became of a call. */
export interface Ended {
  /** by the number of the key: links differ in what they ignore */
  outcomes: CallOutcome[];
  took_ms: number | undefined;
  jitter: number;
}
export interface Reported extends Ended {
  /** the how manieth permit before the last one: late, repeated and contradicting reports are part of life */
  which: number;
}
/** Times are ms from when the command runs. */
export type Command =
  | { do: 'acquire'; asked: Asked[]; at_once: Ended | null }
  | { do: 'report'; reported: Reported[] }
  | { do: 'wait'; ms: number }
  | { do: 'forget'; key: BreakerKey }
  | { do: 'flush' }
  | { do: 'reread' }
  | { do: 'isolate'; key: BreakerKey; for_ms: number | null }
  | { do: 'release'; key: BreakerKey }
  | { do: 'restore'; key: BreakerKey; epoch: number; since: number; until: number; failure_count: number }
  | { do: 'begin' }
  /** the marker expired, and who asks loads: `begin` and `end` with nothing between */
  | { do: 'load' | 'end'; isolations: [BreakerKey, for_ms: number | null][] };

/** What generated calls are asked and reported under. A slow one takes more than a second. */
const config: fc.Arbitrary<BreakerConfig> = fc
  .record({
    failure_threshold: fc.constantFrom(1, 1, 1, 2, 3),
    // A closed record expires by the wall clock: none may, however slow the machine, before its sequence is over.
    window_seconds: fc.constantFrom(30, 60, 600),
    reset_timeout_seconds: fc.constantFrom(0.5, 0.5, 0.5, 5, 60),
    half_open_max_calls: fc.constantFrom(1, 1, 1, 2, 3),
    rates: fc.constantFrom<Partial<BreakerConfig>>(
      {},
      {},
      {},
      { failure_threshold: 50, failure_rate: 0.5, minimum_calls: 2 },
      { failure_threshold: 50, failure_rate: 1 / 3, minimum_calls: 3, slow_call_seconds: 1 },
      { failure_threshold: 50, slow_call_rate: 0.5, minimum_calls: 1, slow_call_seconds: 1 },
      { failure_threshold: 50, failure_rate: 0.9, slow_call_rate: 0.7, minimum_calls: 2, slow_call_seconds: 1 },
    ),
  })
  .map(({ rates, ...rest }) => ({ ...rest, ...rates }));
const key = fc.constantFrom(...KEYS);
const link: fc.Arbitrary<ChainLink> = fc.record({
  key,
  mode: fc.constantFrom('count', 'count', 'count', 'count', 'check'),
  config,
});
const asked: fc.Arbitrary<Asked> = fc.record({
  chain: fc.array(link, { minLength: 1, maxLength: 2 }).map(distinctLinks),
  lease_ms: fc.constantFrom(100, 3_000, 90_000),
});
const outcome = fc.constantFrom<CallOutcome>('failure', 'failure', 'success', 'success', 'success', 'ignored');
const jitter = fc.constantFrom(0, 0.25, 1 / 3, 0.9999999999);
const ended: fc.Arbitrary<Ended> = fc.record({
  outcomes: fc.oneof(
    { weight: 4, arbitrary: outcome.map((one) => KEYS.map(() => one)) },
    { weight: 1, arbitrary: fc.array(outcome, { minLength: KEYS.length, maxLength: KEYS.length }) },
  ),
  took_ms: fc.constantFrom(undefined, 1_000, 1_001),
  jitter,
});
const for_ms = fc.constantFrom(null, null, -5, 0, 1, 700, 31_000);

const calls: fc.WeightedArbitrary<Command>[] = [
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('acquire' as const),
      asked: fc.oneof(
        { weight: 3, arbitrary: asked.map((one) => [one]) },
        { weight: 1, arbitrary: fc.array(asked, { minLength: 2, maxLength: 4 }) },
      ),
      at_once: fc.option(ended, { freq: 2, nil: null }),
    }),
  },
  {
    weight: 22,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      reported: fc.array(
        fc.tuple(fc.constantFrom(0, 0, 0, 1, 2, 5), ended).map(([which, one]) => ({ which, ...one })),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
  // Also backwards: Redis' clock may step, and a replica's may be behind.
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(-2_000, 1, 99, 500, 600, 600, 2_900, 5_600, 30_500, 66_000),
    }),
  },
];
const loads: fc.WeightedArbitrary<Command> = {
  weight: 4,
  arbitrary: fc.record({
    do: fc.constantFrom('load', 'load', 'load', 'end'),
    isolations: fc.uniqueArray(fc.tuple(key, for_ms), { maxLength: 2, selector: ([one]) => one }),
  }),
};
const orders: fc.WeightedArbitrary<Command>[] = [
  loads,
  { weight: 1, arbitrary: fc.constant({ do: 'begin' } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('isolate' as const), key, for_ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('restore' as const),
      key,
      epoch: fc.constantFrom(-70_000, -600, 0, 5_000),
      since: fc.constant(-70_000),
      until: fc.constantFrom(-1, 600, 31_000),
      failure_count: fc.constantFrom(1, 5),
    }),
  },
];
const losses: fc.WeightedArbitrary<Command>[] = [
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), key }) },
  { weight: 1, arbitrary: fc.constant({ do: 'flush' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'reread' } as const) },
];

const sequenceOf = (...of: fc.WeightedArbitrary<Command>[]): fc.Arbitrary<Command[]> =>
  fc.array(fc.oneof(...of), { minLength: 8, maxLength: 24, size: 'max' });
/** Everything that can happen to breakers on Redis. */
export const sequence = sequenceOf(...calls, ...orders, ...losses);
/** What can happen to those of a process. */
export const localSequence = sequenceOf(...calls, loads);
