import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, RedisProxy, testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { type AgentSession, AgentSessions } from '../src/index.js';
import { AGENT, refusal, useRedis } from './support.js';

describe('while Redis is away', () => {
  const world = useRedis();
  let proxy: RedisProxy;
  let redis: Redis;
  let all: AgentSessions;
  let session: AgentSession;

  beforeEach(async () => {
    proxy = await RedisProxy.before(testStack().redis);
    redis = new Redis(proxy.url, { retryStrategy: () => 20, disconnectTimeout: 50, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    all = new AgentSessions(redis, { ttlSeconds: 60, timeoutMs: 300 });
    session = all.open({ tenant: world.tenant, agent: AGENT, session: randomUUID() });
    await session.set('x', 1);
  });
  afterEach(async () => {
    redis.disconnect();
    await proxy.close();
  });

  it.each<[string, () => void]>([
    ['stalled', () => proxy.stall()],
    ['dead', () => proxy.cut()],
  ])('%s: every use is refused, in bounded time', async (_, leave) => {
    leave();
    const of = { tenant: world.tenant, agent: AGENT };
    const began = Date.now();
    const refusals = await Promise.all(
      [
        session.get('x'),
        session.entries(),
        session.set('x', 1),
        session.compareAndSet('x', 1, null),
        session.merge('x', {}),
        session.append('l', [1]),
        session.delete('x'),
        session.clear(),
        all.list(of, { page: 1, page_size: 1 }),
        all.info(of, 'x'),
        all.values(of, 'x'),
        all.remove(of, 'x'),
        all.removeAll(of),
      ].map((call) => refusal(call)),
    );
    expect(Date.now() - began).toBeLessThan(1_500);
    for (const error of refusals)
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { retry_after_seconds: 1 } });
  });

  it('comes back by itself', async () => {
    proxy.cut();
    expect(await refusal(session.get('x'))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    proxy.heal();
    await eventually(async () => (await session.get('x').catch(() => null))?.value === 1);
  });
});
