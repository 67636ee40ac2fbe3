import { randomUUID } from 'node:crypto';
import { type ChainLink, redisKey } from '@aumos/agf-domain';
import { BreakerGuard } from '@aumos/agf-resilience';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';

const CONFIG = { failure_threshold: 5, window_seconds: 60, reset_timeout_seconds: 60, half_open_max_calls: 3 };

/** An agent, its tool, its workflow and three callers above: nobody has failed yet. */
const CHAIN: readonly ChainLink[] = [
  { key: 'agent:bench', mode: 'count', config: CONFIG },
  { key: 'tool:bench', mode: 'count', config: CONFIG },
  { key: 'workflow:bench', mode: 'check', config: CONFIG },
  { key: 'workflow:bench-parent', mode: 'check', config: CONFIG },
  { key: 'workflow:bench-grandparent', mode: 'check', config: CONFIG },
  { key: 'agent:bench-supervisor', mode: 'count', config: CONFIG },
];

/** Calls of a round, by how many of them are under way at once. */
const CALLS = { 1: 2_000, 50: 10_000 } as const;
const QUICK_SHARE = 5;

/** Permit and report of a chain of the first `links`, so many callers at once, beside two scripts that do nothing. */
export const breakerChain = (links: 1 | 3 | 6, callers: 1 | 50): Benchmark => ({
  name: `breaker.chain${String(links)}.c${String(callers)}`,
  unit: 'ms',
  against: 'two bare EVALSHA',
  ...(links === 6 && callers === 50
    ? { goal: { kind: 'ratio', most: 1.5 } }
    : { group: 'engine', goal: { kind: 'none' } }),
  limit: { of: 'a breaker', ms: 5 },
  open: async ({ quick }) => {
    const calls = CALLS[callers] / (quick ? QUICK_SHARE : 1);
    const chain = CHAIN.slice(0, links);
    const tenant = randomUUID();
    const [guarded, plain] = [new Redis(testStack().redis), new Redis(testStack().redis)];
    // As apps have it, with isolations to look for; but a slow answer is to be measured, not gone round.
    const guard = new BreakerGuard(guarded, { commandTimeoutMs: 10_000, isolations: () => Promise.resolve([]) });
    const sha = (await plain.script('LOAD', 'return 1')) as string;
    const keys = chain.map(({ key }) => redisKey(tenant, 'bench', key));
    const bare = (): Promise<unknown> => plain.evalsha(sha, keys.length, ...keys);
    return {
      measured: {
        round: () =>
          timesAtOnce(calls, callers, async () => {
            const admission = await guard.acquire(tenant, chain, { level: 2 });
            if (!admission.admitted || admission.degraded) throw new Error('the chain refused, or Redis is away');
            await guard.report(tenant, admission.permit, 'success');
          }),
      },
      against: {
        round: () =>
          timesAtOnce(calls, callers, async () => {
            await bare();
            await bare();
          }),
      },
      close: async () => {
        await guarded.srem('agf:breaker:tenants', tenant);
        guarded.disconnect();
        plain.disconnect();
      },
    };
  },
});

/** The other lengths and the lone caller: without a goal, for what a link and a crowd cost. */
export const breakerFigures: readonly Benchmark[] = [
  breakerChain(1, 1),
  breakerChain(1, 50),
  breakerChain(3, 1),
  breakerChain(3, 50),
  breakerChain(6, 1),
];
