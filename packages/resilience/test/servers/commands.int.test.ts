import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BreakerConfig, BreakerKey, CallOutcome } from '@aumos/agf-domain';
import { RedisServer } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../../src/index.js';
import { counted, tenant } from '../redis.js';

const KEYS: BreakerKey[] = ['agent:a', 'tool:t', 'workflow:1', 'workflow:2', 'workflow:3', 'workflow:4'];
const LEVEL = { level: 3 } as const;

/** On a server of its own, which counts its commands. */
describe('what Redis is asked for a chain of six', () => {
  let server: RedisServer;
  let redis: Redis;
  let guard: BreakerGuard;
  let id: string;
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    guard = new BreakerGuard(redis, { isolations: () => Promise.resolve([]) });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });
  const call = async (outcome: CallOutcome, config: Partial<BreakerConfig> = {}): Promise<void> => {
    const chain = KEYS.map((key) => counted(key, config));
    const admission = await guard.acquire(id, chain, LEVEL);
    if (!admission.admitted) throw new Error(`refused by ${admission.key}`);
    await guard.report(id, admission.permit, outcome, 5);
  };
  /** Every command of one call, those of scripts too. */
  const commandsOf = async (work: () => Promise<void>): Promise<Record<string, number>> => {
    await redis.config('RESETSTAT');
    await work();
    const stats = (await redis.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
    const counts = Object.fromEntries([...stats].map(([, name, calls]) => [name as string, Number(calls)]));
    delete counts['config|resetstat'];
    delete counts['info'];
    return counts;
  };
  beforeEach(async () => {
    id = tenant();
    // Scripts are known, the tenant announced, its isolations loaded.
    await call('failure');
    await redis.del(...KEYS.map((key) => `{agf:${id}}:breaker:${key}`));
  });

  it('is one command to ask and one to report, each an MGET, while it is healthy', async () => {
    expect(await commandsOf(() => call('success'))).toEqual({ evalsha: 2, mget: 2 });
  });

  it('is the same while there is a rate to count for, and what is counted is written', async () => {
    const rated = { failure_rate: 0.5, minimum_calls: 20 };
    const { evalsha, mget, set } = await commandsOf(() => call('success', rated));
    expect({ evalsha, mget, set }).toEqual({ evalsha: 2, mget: 2, set: KEYS.length + 1 });
  });

  it('is the same when all of it opens', async () => {
    const { evalsha, xadd } = await commandsOf(() => call('failure', { failure_threshold: 1 }));
    expect({ evalsha, xadd }).toEqual({ evalsha: 2, xadd: KEYS.length });
    expect((await guard.states(id)).map(({ key, state }) => [key, state])).toEqual(KEYS.map((key) => [key, 'open']));
  });
});
