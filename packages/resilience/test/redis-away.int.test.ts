import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, RedisProxy, testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../src/breaker-guard.js';
import { guardCheck } from '../src/nest/guard-check.js';
import { connect, counted, forget, tenant } from './redis.js';

const chain = [counted('tool:x', { failure_threshold: 2 })];

describe('while Redis is away', () => {
  let proxy: RedisProxy;
  let redis: Redis;
  let guard: BreakerGuard;
  let id: string;

  beforeEach(async () => {
    id = tenant();
    proxy = await RedisProxy.before(testStack().redis);
    redis = new Redis(proxy.url, { retryStrategy: () => 20, disconnectTimeout: 50 });
    redis.on('error', () => undefined);
    guard = new BreakerGuard(redis, { commandTimeoutMs: 250, failClosedTimeoutMs: 400, retryRedisMs: 100 });
    await eventually(async () => (await guard.acquire(id, chain, { level: 3 })).admitted);
    expect(guard.health().redis).toBe('answering');
  });
  afterEach(async () => {
    redis.disconnect();
    await proxy.close();
    const direct = connect();
    await forget(direct, id);
    direct.disconnect();
  });

  const away: [string, () => void][] = [
    ['stalled', () => proxy.stall()],
    ['dead', () => proxy.cut()],
  ];
  it.each(away)('%s: calls below level 3 go on, say so, and do not hang', async (_name, leave) => {
    leave();
    const began = Date.now();
    const asked = await Promise.all(Array.from({ length: 50 }, () => guard.acquire(id, chain, { level: 2 })));
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(asked.every(({ admitted, degraded }) => admitted && degraded === true)).toBe(true);
    expect(guard.health()).toMatchObject({ redis: 'away' });
    expect(guard.health().last_error).not.toBeNull();
  });

  it.each(away)('%s: calls of level 3 and above are refused', async (_name, leave) => {
    leave();
    const began = Date.now();
    for (const refusal of await Promise.all(([3, 4, 5] as const).map((level) => guard.acquire(id, chain, { level })))) {
      expect(refusal).toMatchObject({ admitted: false, key: 'tool:x', state: 'open', degraded: true });
      if (!refusal.admitted) expect(refusal.retry_after_ms).toBeGreaterThan(0);
    }
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it('still breaks in the process: failures there open it there', async () => {
    proxy.cut();
    for (let i = 0; i < 2; i++) {
      const admission = await guard.acquire(id, chain, { level: 1 });
      if (admission.admitted) await guard.report(id, admission.permit, 'failure');
    }
    expect(await guard.acquire(id, chain, { level: 1 })).toMatchObject({
      admitted: false,
      state: 'open',
      degraded: true,
    });
  });

  it('never throws from a report, and lets the process know what Redis did not hear', async () => {
    const permits = await Promise.all([1, 2].map(() => guard.acquire(id, chain, { level: 1 })));
    proxy.cut();
    for (const admission of permits) if (admission.admitted) await guard.report(id, admission.permit, 'failure');
    expect(await guard.acquire(id, chain, { level: 1 })).toMatchObject({ admitted: false, degraded: true });
    await expect(guard.states(id)).rejects.toThrow();
  });

  it('is seen by who looks, though nobody calls: that it went, and that it is back', async () => {
    expect(await guardCheck(guard).check()).toEqual({ status: 'healthy' });
    proxy.cut();
    const degraded = {
      status: 'degraded',
      message: expect.stringMatching(/^Redis is away since \d{4}-.*: breakers of/),
    };
    expect(await guardCheck(guard).check()).toEqual(degraded);
    proxy.heal();
    await eventually(async () => (await guardCheck(guard).check()).status === 'healthy');
    expect(guard.health().redis).toBe('answering');
  });

  it('comes back by itself', async () => {
    proxy.cut();
    expect(await guard.acquire(id, chain, { level: 1 })).toMatchObject({ degraded: true });
    proxy.heal();
    await eventually(async () => (await guard.acquire(id, chain, { level: 3 })).admitted);
    expect(guard.health()).toEqual({ redis: 'answering', away_since: null, last_error: null });
  });
});
