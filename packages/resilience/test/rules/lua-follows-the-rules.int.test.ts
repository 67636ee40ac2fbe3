import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type BreakerConfig, type ChainLink } from '@aumos/agf-domain';
import { isTimeOver, report, seedOfRun, sizeOfRun } from '@aumos/agf-testing';
import fc from 'fast-check';
import { admission } from '../../src/redis/requests.convert.js';
import { connect, forget, tenant } from '../redis.js';
import { type Command, sequence } from './commands.js';
import { Play } from './play.js';
import { type Played, playOnRedis } from './whole-sequence.js';

const SEQUENCES = sizeOfRun('AGF_BREAKER_SEQUENCES', 20_000);
const LANES = 4;
/** fast-check keeps what it ran: memory of a long run stays flat by parts. */
const PART = 5_000;

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
const ask = (chain: ChainLink[], outcome?: 'failure'): Command => ({
  do: 'acquire',
  asked: [{ chain, lease_ms: 3_000 }],
  at_once: outcome ? { outcomes: [outcome, outcome, outcome], took_ms: undefined, jitter: 0.5 } : null,
});
/** Found once by chance: one call's breakers change in the order of its chain, whatever the command around it named first. */
const HALF_OPEN_TOGETHER: Command[] = [
  ask([A, C], 'failure'),
  { do: 'wait', ms: 5_600 },
  ask([{ ...C, mode: 'check' }]),
  ask([A, C]),
];

describe('the Lua and the rules of the domain', () => {
  const redis = connect();
  const tenants = Array.from({ length: LANES }, tenant);
  const counts: Record<string, number> = { 'calls refused': 0, 'not loaded': 0, 'loaded late': 0 };
  const tally = (what: string, times = 1): unknown => (counts[what] = (counts[what] ?? 0) + times);
  let commands = 0;
  afterAll(async () => {
    for (const id of tenants) await forget(redis, id);
    redis.disconnect();
  });

  /** One sequence against both. @param asks whether calls ask if isolations are loaded */
  async function follow(steps: Command[], asks: boolean, id: string): Promise<void> {
    const play = new Play(id, asks);
    if (asks) for (const step of [{ do: 'begin' }, { do: 'end', isolations: [] }] as Command[]) play.run(step);
    for (const step of steps) play.run(step);
    compare(play, await playOnRedis(redis, id, play.sent, play.permits));
    commands += play.sent.length;
    count(play);
  }

  function compare({ model, expected }: Play, played: Played): void {
    const answers = expected.map((one, i) => {
      const answer = played.answers[i];
      if (one.kind === 'answer' || answer === 0) return answer;
      return one.requests.map((request, q) =>
        admission(request, answer === 1 ? 1 : ((answer as number[][])[q] as number[])),
      );
    });
    const wanted = expected.map((one) => (one.kind === 'answer' ? one.answer : (one.admissions ?? 0)));
    same(answers, wanted);
    same(played.transitions, model.transitions);
    same(played.records, model.records);
    same(
      played.index.filter((key) => model.records.has(key as never)),
      [...model.records.keys()].sort(),
    );
  }

  function count({ model, expected, sent }: Play): void {
    for (const { reason } of model.transitions) tally(reason);
    expected.forEach((one, i) => {
      if (one.kind === 'admissions') {
        if (one.admissions === null) tally('not loaded');
        for (const { admitted } of one.admissions ?? []) if (!admitted) tally('calls refused');
      } else if (sent[i]?.script === 'endLoading' && one.answer === 0) tally('loaded late');
    });
  }

  it(`decide alike over ${String(SEQUENCES)} generated command sequences`, async () => {
    const [seed, began] = [seedOfRun(), Date.now()];
    let done = 0;
    const failures: string[] = [];
    const lane = async (id: string, number: number): Promise<void> => {
      for (let from = number * PART; from < SEQUENCES && !isTimeOver(began); from += LANES * PART) {
        const numRuns = Math.min(PART, SEQUENCES - from);
        const property = fc.asyncProperty(sequence, fc.boolean(), (steps, asks) => follow(steps, asks, id));
        await fc.assert(property, { seed: seed + from, numRuns, examples: [[HALF_OPEN_TOGETHER, false]] });
        done += numRuns;
      }
    };
    try {
      await Promise.all(tenants.map(lane));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      const figures = { sequences: done, commands, seed, duration_ms: Date.now() - began, counts, failures };
      const head = `${String(done)} sequences, ${String(commands)} commands of the seed ${String(seed)}`;
      report('breaker-rules', `breaker rules: ${head}`, figures);
    }
    // The sequences went where it matters, or the test says nothing.
    const rare = Object.entries(counts).filter(([, times]) => times < done / 50);
    expect(rare).toEqual([]);
    expect(Object.keys(counts)).toHaveLength(12);
  }, 10_800_000);
});

/** Jest's own comparison says what differs, and takes ten times as long. */
function same(actual: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted);
}
