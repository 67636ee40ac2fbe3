import { randomUUID } from 'node:crypto';
import {
  type BreakerConfig,
  type BreakerKey,
  type BreakerTransition,
  breakerTransitionsKey,
  type ChainLink,
} from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { breakerScripts } from '../src/redis/lua/scripts.js';
import { RedisBreakers } from '../src/redis/redis-breakers.js';
import { ScriptRunner } from '../src/redis/script-runner.js';
import { transitionOf } from '../src/transition.convert.js';

export const connect = (url = testStack().redis): Redis => new Redis(url);

export const CONFIG: BreakerConfig = {
  failure_threshold: 5,
  window_seconds: 60,
  reset_timeout_seconds: 60,
  half_open_max_calls: 3,
};

export const counted = (key: BreakerKey, config: Partial<BreakerConfig> = {}): ChainLink => ({
  key,
  mode: 'count',
  config: { ...CONFIG, ...config },
});
export const checked = (key: BreakerKey): ChainLink => ({ key, mode: 'check', config: CONFIG });

/** The same scripts under a clock that the test sets: a key beside the records. */
export async function clockedBreakers(
  redis: Redis,
  tenantId: string,
  isolations = false,
): Promise<{ breakers: RedisBreakers; at: (ms: number) => Promise<unknown> }> {
  const scripts = breakerScripts(`return tonumber(redis.call('GET', '{agf:${tenantId}}:test-clock'))`);
  const at = (ms: number): Promise<unknown> => redis.set(`{agf:${tenantId}}:test-clock`, String(ms), 'EX', 600);
  await at(1_795_000_000_000);
  return { breakers: new RedisBreakers(new ScriptRunner(redis), scripts, { isolations }), at };
}

export async function transitions(redis: Redis, tenantId: string): Promise<BreakerTransition[]> {
  const entries = await redis.xrange(breakerTransitionsKey(tenantId), '-', '+');
  return entries.map(([, fields]) => transitionOf(fields));
}

/** Removes what a suite's own tenant left. */
export async function forget(redis: Redis, tenantId: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `{agf:${tenantId}}:*`, count: 1000 })) {
    if ((keys as string[]).length > 0) await redis.del(...(keys as string[]));
  }
  await redis.srem('agf:breaker:tenants', tenantId);
}

export const tenant = (): string => randomUUID();
