import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { ApiError } from '@aumos/agf-domain';
import { SecretBox } from '@aumos/agf-persistence';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { AgentSessions, DEFAULT_LIMITS, type SessionLimits, type ValueCipher } from '../src/index.js';

export const AGENT = 'agent-a';

export interface World {
  redis: Redis;
  tenant: string;
  other: string;
}

/** A connection and two tenants of the suite's own; what they left is removed. */
export function useRedis(): World {
  const world = { tenant: randomUUID(), other: randomUUID() } as World;
  beforeAll(() => {
    world.redis = new Redis(testStack().redis);
  });
  afterAll(async () => {
    for (const tenant of [world.tenant, world.other])
      for (const key of await keysOf(world.redis, tenant)) await world.redis.unlink(key);
    world.redis.disconnect();
  });
  return world;
}

export async function keysOf(redis: Redis, tenant: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of redis.scanStream({ match: `{agf:${tenant}}:*`, count: 1000 }))
    keys.push(...(page as string[]));
  return keys;
}

export const sessions = (
  redis: Redis,
  more: { ttlSeconds?: number; limits?: Partial<SessionLimits>; cipher?: ValueCipher } = {},
): AgentSessions =>
  new AgentSessions(redis, { ttlSeconds: 600, ...more, limits: { ...DEFAULT_LIMITS, ...more.limits } });

export const newKey = (): Buffer => randomBytes(32);
export const box = (...keys: Buffer[]): SecretBox => new SecretBox(keys);

/** What a refused call says. */
export async function refusal(call: Promise<unknown> | (() => unknown)): Promise<ApiError> {
  try {
    await (typeof call === 'function' ? call() : call);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
