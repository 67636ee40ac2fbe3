import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { RateLimiter } from '../src/rate-limiter.js';
import { connect, forget, tenant } from './redis.js';

const redis = connect();
const limiter = new RateLimiter(redis);
const tenants = [tenant(), tenant()] as const;
const [id, other] = tenants;
afterAll(async () => {
  for (const each of tenants) await forget(redis, each);
  redis.disconnect();
});

describe('RateLimiter', () => {
  it('lets so many calls pass, whoever asks at once, and says when the next one may', async () => {
    const limit = { calls: 10, seconds: 60 };
    const waits = await Promise.all(Array.from({ length: 50 }, () => limiter.take(id, 'tool:a', limit)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
    for (const wait of waits.filter((each) => each > 0)) expect(wait).toBeLessThanOrEqual(60_000);
    expect(await limiter.take(id, 'tool:b', limit)).toBe(0);
    expect(await limiter.take(other, 'tool:a', limit)).toBe(0);
  });

  it('begins a new window when the last one is over, however often it was asked', async () => {
    const limit = { calls: 1, seconds: 1 };
    expect(await limiter.take(id, 'tool:c', limit)).toBe(0);
    expect(await limiter.take(id, 'tool:c', limit)).toBeGreaterThan(0);
    await eventually(async () => (await limiter.take(id, 'tool:c', limit)) === 0, 'the next window');
    expect(await limiter.take(id, 'tool:c', limit)).toBeGreaterThan(0);
  });

  it('recovers from a count that nothing ends', async () => {
    await redis.set(`{agf:${id}}:rate:tool:d`, '99');
    expect(await limiter.take(id, 'tool:d', { calls: 1, seconds: 60 })).toBe(0);
    expect(await redis.pttl(`{agf:${id}}:rate:tool:d`)).toBeGreaterThan(0);
  });

  it('says that Redis is away', async () => {
    const nowhere = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 0, retryStrategy: () => null });
    nowhere.on('error', () => undefined);
    await expect(new RateLimiter(nowhere).take(id, 'tool:a', { calls: 1, seconds: 1 })).rejects.toThrow();
    nowhere.disconnect();
  });
});
