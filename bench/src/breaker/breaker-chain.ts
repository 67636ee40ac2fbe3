import { randomUUID } from 'node:crypto';
import { type ChainLink, redisKey } from '@aumos/agf-domain';
import { BreakerGuard } from '@aumos/agf-resilience';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';

const CONCURRENCY = 50;
const CONFIG = { failure_threshold: 5, window_seconds: 60, reset_timeout_seconds: 60, half_open_max_calls: 3 };

/** An agent, its tool, its workflow and three callers above: nobody has failed yet. */
const CHAIN: ChainLink[] = [
  { key: 'agent:bench', mode: 'count', config: CONFIG },
  { key: 'tool:bench', mode: 'count', config: CONFIG },
  { key: 'workflow:bench', mode: 'check', config: CONFIG },
  { key: 'workflow:bench-parent', mode: 'check', config: CONFIG },
  { key: 'workflow:bench-grandparent', mode: 'check', config: CONFIG },
  { key: 'agent:bench-supervisor', mode: 'count', config: CONFIG },
];

export const breakerChain: Benchmark = {
  name: 'breaker.chain6.c50',
  unit: 'ms',
  against: 'two bare EVALSHA',
  goal: { kind: 'ratio', most: 1.5 },
  limit: { of: 'a breaker', ms: 5 },
  open: async ({ quick }) => {
    const calls = quick ? 2_000 : 10_000;
    const tenant = randomUUID();
    const [guarded, plain] = [new Redis(testStack().redis), new Redis(testStack().redis)];
    // A slow answer is to be measured, not gone round.
    const guard = new BreakerGuard(guarded, { commandTimeoutMs: 10_000 });
    const sha = (await plain.script('LOAD', 'return 1')) as string;
    const keys = CHAIN.map(({ key }) => redisKey(tenant, 'bench', key));
    const bare = (): Promise<unknown> => plain.evalsha(sha, keys.length, ...keys);
    return {
      measured: {
        round: () =>
          timesAtOnce(calls, CONCURRENCY, async () => {
            const admission = await guard.acquire(tenant, CHAIN, { level: 2 });
            if (!admission.admitted || admission.degraded) throw new Error('the chain refused, or Redis is away');
            await guard.report(tenant, admission.permit, 'success');
          }),
      },
      against: {
        round: () =>
          timesAtOnce(calls, CONCURRENCY, async () => {
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
};
