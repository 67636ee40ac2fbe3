import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type BreakerConfig,
  type BreakerKey,
  type CallOutcome,
  type ChainLink,
  distinctLinks,
  type Permit,
  untouchedBreaker,
} from '@aumos/agf-domain';
import fc from 'fast-check';
import { Model } from './model.js';
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
  // A closed record expires by the wall clock: none may, however slow the machine, before its sequence is over.
  window_seconds: fc.constantFrom(30, 60, 600),
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

const OPENS_AT_ONCE: BreakerConfig = {
  failure_threshold: 1,
  window_seconds: 60,
  reset_timeout_seconds: 5,
  half_open_max_calls: 1,
};
const [A, C] = (['agent:a', 'workflow:c'] as const).map((key): ChainLink => ({
  key,
  mode: 'count',
  config: OPENS_AT_ONCE,
})) as [ChainLink, ChainLink];
/** Found once by chance: one call's breakers change in the order of its chain, whatever the command around it named first. */
const HALF_OPEN_TOGETHER: Command[] = [
  { do: 'acquire', chain: [A, C], lease_ms: 3_000, at_once: 'failure' },
  { do: 'wait', ms: 5_600 },
  { do: 'acquire', chain: [{ ...C, mode: 'check' }], lease_ms: 3_000, at_once: null },
  { do: 'acquire', chain: [A, C], lease_ms: 3_000, at_once: null },
];

describe('the Lua and the rules of the domain', () => {
  const redis = connect();
  const tenants: string[] = [];
  let permits = 0;
  afterAll(async () => {
    for (const tenantId of tenants) await forget(redis, tenantId);
    redis.disconnect();
  });

  const seen = { refused: 0, half_open: 0, closed: 0 };

  /** One sequence against both. Neighbouring commands of a kind go out together: Redis gets them in one call. */
  async function follow(
    commands: Command[],
    id: string,
    { breakers, at }: Awaited<ReturnType<typeof clockedBreakers>>,
  ): Promise<void> {
    await redis.del(...KEYS.map((key) => `{agf:${id}}:breaker:${key}`), `{agf:${id}}:breaker:transitions`);
    const model = new Model(id);
    const held: Permit[] = [];
    let now = 1_795_000_000_000;
    let out: { kind: string; answers: Promise<void>[] } = { kind: '', answers: [] };
    const send = async (kind: string, answer: () => Promise<void>): Promise<void> => {
      if (kind !== out.kind) await Promise.all(out.answers);
      if (kind !== out.kind) out = { kind, answers: [] };
      out.answers.push(answer());
    };
    const report = async (permit: Permit | undefined, outcome: CallOutcome, jitter: number): Promise<void> => {
      if (!permit || permit.links.length === 0) return;
      model.report(permit, outcome, now, jitter);
      await send('report', () => breakers.report(id, permit, outcome, jitter));
    };
    await at(now);
    for (const step of commands) {
      switch (step.do) {
        case 'wait':
          await send('wait', async () => void (await at((now += step.ms))));
          break;
        case 'forget':
          model.records.delete(step.key);
          await send('forget', async () => void (await redis.del(`{agf:${id}}:breaker:${step.key}`)));
          break;
        case 'acquire': {
          const permit = `p${String(permits++)}`;
          const expected = model.acquire(step.chain, { id: permit, lease_ms: step.lease_ms }, now);
          await send('acquire', async () =>
            expect(await breakers.acquire(id, step.chain, permit, step.lease_ms)).toEqual(expected),
          );
          if (!expected.admitted) seen.refused++;
          if (!expected.admitted) break;
          held.push(expected.permit);
          if (step.at_once) await report(expected.permit, step.at_once, 0.5);
          break;
        }
        case 'report':
          // Permits are never taken from the list: late, repeated and contradicting reports are part of life.
          await report(held.at(-1 - step.which), step.outcome, step.jitter);
      }
    }
    await Promise.all(out.answers);
    const written = KEYS.flatMap((key) => (model.records.has(key) ? [key] : []));
    for (const { key, record } of (await breakers.read(id, KEYS)).breakers) {
      expect(record).toEqual(model.records.get(key) ?? untouchedBreaker());
    }
    expect(await redis.exists(...KEYS.map((key) => `{agf:${id}}:breaker:${key}`))).toBe(written.length);
    expect(await transitions(redis, id)).toEqual(model.transitions);
    for (const { to } of model.transitions) if (to !== 'open') seen[to]++;
  }

  it(`decide alike over ${String(SEQUENCES)} generated command sequences`, async () => {
    const lanes = Array.from({ length: 4 }, async () => {
      const id = tenant();
      tenants.push(id);
      const clocked = await clockedBreakers(redis, id);
      const sequence = fc.array(command, { minLength: 8, maxLength: 24, size: 'max' });
      await fc.assert(
        fc.asyncProperty(sequence, (commands) => follow(commands, id, clocked)),
        { numRuns: Math.ceil(SEQUENCES / 4), examples: [[HALF_OPEN_TOGETHER]] },
      );
    });
    await Promise.all(lanes);
    // The sequences went where it matters, or the test says nothing.
    expect(seen.refused).toBeGreaterThan(SEQUENCES / 2);
    expect(seen.half_open).toBeGreaterThan(SEQUENCES / 5);
    expect(seen.closed).toBeGreaterThan(SEQUENCES / 40);
  }, 600_000);
});
