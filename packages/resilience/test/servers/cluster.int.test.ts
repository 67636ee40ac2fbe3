import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BREAKER_TENANTS, type BreakerIsolation, breakerTransitionsKey } from '@aumos/agf-domain';
import { eventually, type RedisServer } from '@aumos/agf-testing';
import { type Redis } from 'ioredis';
import { BreakerGuard, findStreams } from '../../src/index.js';
import { openRedis } from '../../src/redis/open-redis.js';
import { counted, tenant } from '../redis.js';
import { onServer } from './on-server.js';
import { RedisCluster } from './redis-cluster.js';

const LEVEL = { level: 1 } as const;
const HIGH = { level: 3 } as const;
const MASTERS = 3;
const CHAIN = [counted('agent:a'), counted('tool:t', { failure_threshold: 2 }), counted('workflow:w')];
const isolation: BreakerIsolation = { key: 'agent:a', reason: 'r', by: 'ops', since: '', until: null };

describe('breakers on a Redis Cluster', () => {
  let cluster: RedisCluster;
  let redis: Redis;
  let guard: BreakerGuard;
  const tenants = Array.from({ length: 30 }, tenant);
  const isolated = new Set<string>();
  beforeAll(async () => {
    cluster = await RedisCluster.start(MASTERS);
    redis = openRedis(cluster.url, { maxRetriesPerRequest: 1, connectTimeout: 1_000 });
    guard = new BreakerGuard(redis, {
      isolations: async (id) => (isolated.has(id) ? [isolation] : []),
      commandTimeoutMs: 1_000,
      retryRedisMs: 100,
    });
  }, 60_000);
  afterAll(async () => {
    redis.disconnect();
    await cluster.end();
  });

  const open = async (id: string): Promise<void> => {
    for (let i = 0; i < 2; i++) {
      const admission = await guard.acquire(id, CHAIN, HIGH);
      if (!admission.admitted) throw new Error(`refused: ${JSON.stringify(admission)}`);
      await guard.report(id, admission.permit, (key) => (key === 'tool:t' ? 'failure' : 'success'));
    }
  };

  it('decide whole chains, each tenant on its node', async () => {
    await Promise.all(tenants.map(open));
    for (const id of tenants) {
      expect(await guard.acquire(id, CHAIN, HIGH)).toMatchObject({ admitted: false, key: 'tool:t', state: 'open' });
      expect((await guard.states(id)).map(({ key, state }) => [key, state])).toEqual([['tool:t', 'open']]);
    }
    expect(guard.health().redis).toBe('answering');
  });

  it('share their client with what is published to others', async () => {
    const subscriber = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null });
    const heard: string[] = [];
    subscriber.on('message', (_channel: string, message: string) => heard.push(message));
    await subscriber.subscribe('agf:test');
    await redis.publish('agf:test', 'told');
    await eventually(() => heard.length === 1, 'the message');
    subscriber.disconnect();
  });

  it('tell in streams on every node, which are found with and without their announcement', async () => {
    const nodes = await Promise.all(
      cluster.masters.map((node) => onServer(node, async (own) => (await own.keys('*:breaker:transitions')).length)),
    );
    expect(nodes.every((streams) => streams > 0)).toBe(true);
    expect(nodes.reduce((sum, streams) => sum + streams, 0)).toBe(tenants.length);
    await eventually(async () => (await redis.scard(BREAKER_TENANTS)) === tenants.length, 'the announcements');
    await redis.del(BREAKER_TENANTS);
    expect(await findStreams(redis)).toEqual(new Set(tenants));
  });

  it('stay open and isolated when a master dies and its replica takes over', async () => {
    const master = cluster.masters[0] as RedisServer;
    const streams = await onServer(master, (own) => own.keys('*:breaker:transitions'));
    const mine = tenants.filter((id) => streams.includes(breakerTransitionsKey(id)));
    const [one] = mine as [string];
    isolated.add(one);
    await guard.isolate(one, isolation);
    await onServer(master, (own) => own.wait(1, 5_000));
    const states = await Promise.all(mine.map((id) => guard.states(id)));
    await master.down();
    const passed: unknown[] = [];
    await eventually(
      async () => {
        const asked = await Promise.all([LEVEL, HIGH].map((call) => guard.acquire(one, CHAIN, call)));
        passed.push(...asked.filter(({ admitted }) => admitted));
        return asked.every(({ degraded }) => degraded === undefined);
      },
      'the replica to take over',
      { timeoutMs: 20_000 },
    );
    expect(passed).toEqual([]);
    for (const [i, id] of mine.entries()) {
      const after = await guard.states(id);
      expect(after.map(({ key, state, epoch, isolated: held }) => [key, state, epoch, held])).toEqual(
        states[i]?.map(({ key, state, epoch, isolated: held }) => [key, state, epoch, held]),
      );
    }
    expect(await findStreams(redis)).toEqual(new Set(tenants));
  }, 60_000);
});
