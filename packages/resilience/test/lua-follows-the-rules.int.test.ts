import { afterAll, describe, expect, it } from '@jest/globals';
import {
  acquireChain,
  type BreakerConfig,
  type BreakerKey,
  type BreakerRecord,
  type BreakerTransition,
  type CallOutcome,
  type ChainLink,
  type ChainStep,
  distinctLinks,
  type Permit,
  reportChain,
} from '@aumos/agf-domain';
import fc from 'fast-check';
import { clockedBreakers, connect, forget, tenant, transitions } from './redis.js';

const SEQUENCES = Number(process.env['AGF_BREAKER_SEQUENCES'] ?? 2_000);
const KEYS: BreakerKey[] = ['agent:a', 'tool:b', 'workflow:c'];

type Command =
  | { do: 'acquire'; chain: ChainLink[]; lease_ms: number; at_once: CallOutcome | null }
  | { do: 'report'; which: number; outcome: CallOutcome; jitter: number }
  | { do: 'wait'; ms: number }
  | { do: 'forget'; key: BreakerKey };

const config: fc.Arbitrary<BreakerConfig> = fc.record({
  failure_threshold: fc.constantFrom(1, 1, 1, 2, 3),
  window_seconds: fc.constantFrom(1, 7, 60),
  reset_timeout_seconds: fc.constantFrom(0.5, 0.5, 5, 60),
  half_open_max_calls: fc.constantFrom(1, 1, 2, 3),
});
const link: fc.Arbitrary<ChainLink> = fc.record({
  key: fc.constantFrom(...KEYS),
  mode: fc.constantFrom('count', 'count', 'count', 'count', 'check'),
  config,
});
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('acquire' as const),
      chain: fc.array(link, { minLength: 1, maxLength: 2 }).map(distinctLinks),
      lease_ms: fc.constantFrom(100, 3_000, 90_000),
      at_once: fc.constantFrom<CallOutcome | null>(null, null, 'failure', 'failure', 'success', 'success', 'ignored'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      which: fc.constantFrom(0, 0, 0, 1, 2, 5),
      outcome: fc.constantFrom<CallOutcome>('failure', 'failure', 'success', 'ignored'),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  // Also backwards: Redis' clock may step, and a replica's may be behind.
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(-2_000, 1, 99, 600, 600, 2_900, 5_600, 31_000, 66_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), key: fc.constantFrom(...KEYS) }) },
);

/** The domain's rules over a Map, with what Redis adds: a permit's failure counts once. */
class Model {
  readonly records = new Map<BreakerKey, BreakerRecord>();
  readonly transitions: BreakerTransition[] = [];
  readonly #reported = new Set<string>();
  constructor(private readonly tenantId: string) {}

  acquire(chain: ChainLink[], permit: { id: string; lease_ms: number }, now: number) {
    const { admission, step } = acquireChain(this.records, chain, permit, now);
    this.#apply(step);
    return admission;
  }

  report(permit: Permit, outcome: CallOutcome, now: number, jitter: number): void {
    if (outcome === 'failure' && this.#reported.has(permit.id)) return;
    if (outcome === 'failure') this.#reported.add(permit.id);
    this.#apply(reportChain(this.records, permit, outcome, now, jitter));
  }

  #apply({ writes, changes }: ChainStep): void {
    for (const [key, record] of writes) this.records.set(key, record);
    for (const { at, ...change } of changes)
      this.transitions.push({ ...change, tenant_id: this.tenantId, at: new Date(at).toISOString() });
  }
}

describe('the Lua and the rules of the domain', () => {
  const redis = connect();
  const tenants: string[] = [];
  afterAll(async () => {
    for (const tenantId of tenants) await forget(redis, tenantId);
    redis.disconnect();
  });

  it(`decide alike over ${String(SEQUENCES)} generated command sequences`, async () => {
    const id = tenant();
    tenants.push(id);
    const { breakers, at } = await clockedBreakers(redis, id);
    let permits = 0;
    const seen = { refused: 0, half_open: 0, closed: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 8, maxLength: 24, size: 'max' }), async (commands) => {
        await redis.del(...KEYS.map((key) => `{agf:${id}}:breaker:${key}`), `{agf:${id}}:breaker:transitions`);
        const model = new Model(id);
        const held: Permit[] = [];
        let now = 1_795_000_000_000;
        await at(now);
        const report = async (permit: Permit, outcome: CallOutcome, jitter: number): Promise<void> => {
          if (permit.links.length === 0) return;
          model.report(permit, outcome, now, jitter);
          await breakers.report(id, permit, outcome, jitter);
        };
        for (const step of commands) {
          if (step.do === 'wait') await at((now += step.ms));
          if (step.do === 'forget') {
            model.records.delete(step.key);
            await redis.del(`{agf:${id}}:breaker:${step.key}`);
          }
          if (step.do === 'acquire') {
            const permit = `p${String(permits++)}`;
            const expected = model.acquire(step.chain, { id: permit, lease_ms: step.lease_ms }, now);
            expect(await breakers.acquire(id, step.chain, permit, step.lease_ms)).toEqual(expected);
            if (expected.admitted) held.push(expected.permit);
            else seen.refused++;
            if (expected.admitted && step.at_once) await report(expected.permit, step.at_once, 0.5);
          }
          // Permits are never taken from the list: late, repeated and contradicting reports are part of life.
          const late = step.do === 'report' ? held.at(-1 - step.which) : undefined;
          if (step.do === 'report' && late) await report(late, step.outcome, step.jitter);
        }
        const { breakers: kept } = await breakers.read(id, KEYS);
        expect(
          kept.filter(({ record }) => record.epoch > 0 || record.state !== 'closed' || record.failures.length > 0),
        ).toEqual(
          KEYS.flatMap((key) => {
            const record = model.records.get(key);
            return record ? [{ key, record }] : [];
          }),
        );
        expect(await transitions(redis, id)).toEqual(model.transitions);
        for (const { to } of model.transitions) if (to !== 'open') seen[to]++;
      }),
      { numRuns: SEQUENCES },
    );
    // The sequences went where it matters, or the test says nothing.

    expect(seen.refused).toBeGreaterThan(SEQUENCES / 2);
    expect(seen.half_open).toBeGreaterThan(SEQUENCES / 5);
    expect(seen.closed).toBeGreaterThan(SEQUENCES / 40);
  }, 120_000);
});
