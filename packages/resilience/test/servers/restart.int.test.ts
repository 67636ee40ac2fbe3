import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Admission, type BreakerIsolation, breakerTransitionsKey, type Permit } from '@aumos/agf-domain';
import { eventually, RedisServer } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../../src/breaker-guard.js';
import { counted, tenant, transitions } from '../redis.js';
import { onServer } from './on-server.js';

const LEVEL = { level: 1 } as const;
const HIGH = { level: 3 } as const;
const CHAIN = [counted('tool:broken', { failure_threshold: 1 })];
const ISOLATED = [counted('tool:isolated')];
const isolation: BreakerIsolation = { key: 'tool:isolated', reason: 'r', by: 'ops', since: '', until: null };

const permitOf = (admission: Admission): Permit => {
  if (!admission.admitted) throw new Error(`refused by ${admission.key}`);
  return admission.permit;
};

describe.each([
  ['keeps its data', 'yes'],
  ['loses its data', 'no'],
])('a Redis that is killed and %s', (_name, appendonly) => {
  let server: RedisServer;
  let redis: Redis;
  let guard: BreakerGuard;
  let id: string;
  /** outcomes of calls of an isolated breaker, from before the kill until after it */
  let passed: Admission[];
  let asking: Promise<void>;
  let stop: boolean;

  beforeEach(async () => {
    server = await RedisServer.start({ appendonly, appendfsync: 'always' });
    redis = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    id = tenant();
    guard = new BreakerGuard(redis, { isolations: async () => [isolation], retryRedisMs: 100, commandTimeoutMs: 200 });
    await guard.isolate(id, isolation);
    [stop, passed] = [false, []];
    asking = (async () => {
      while (!stop) {
        const asked = await Promise.all([LEVEL, HIGH].map((call) => guard.acquire(id, ISOLATED, call)));
        passed.push(...asked.filter(({ admitted }) => admitted));
      }
    })();
  });
  afterEach(async () => {
    stop = true;
    await asking;
    redis.disconnect();
    await server.close();
  });
  const restart = async (): Promise<void> => {
    await server.down();
    await eventually(
      async () => (await guard.acquire(id, CHAIN, LEVEL)).degraded === true,
      'the process to go on alone',
    );
    await server.up();
    await eventually(
      async () => (await guard.acquire(id, CHAIN, HIGH)).degraded === undefined,
      'Redis to be asked again',
    );
  };

  it('frees no isolated breaker, not for one call', async () => {
    await restart();
    expect(passed).toEqual([]);
    expect(await guard.state(id, 'tool:isolated')).toMatchObject({ state: 'open', isolated: true });
  });

  it('comes back with what was open, or takes it back from who knows', async () => {
    const late = permitOf(await guard.acquire(id, CHAIN, HIGH));
    await guard.report(id, permitOf(await guard.acquire(id, CHAIN, HIGH)), 'failure');
    const before = await guard.state(id, 'tool:broken');
    const [told] = (await transitions(redis, id)).filter(({ key }) => key === 'tool:broken');
    await restart();
    if (appendonly === 'no') {
      const lost = { ...before, since: before.since as string, until: told?.until as string };
      expect(await guard.restore(id, [lost])).toBe(1);
    }
    const after = await guard.state(id, 'tool:broken');
    expect(after).toMatchObject({ state: 'open', failure_count: 1, since: before.since });
    await guard.report(id, late, 'failure');
    expect(await guard.state(id, 'tool:broken')).toMatchObject({ state: 'open', epoch: after.epoch });
  });

  it('tells later transitions under later ids after everything was flushed', async () => {
    const ids = async (): Promise<string[]> =>
      (await redis.xrange(breakerTransitionsKey(id), '-', '+')).map(([at]) => at);
    const [before = ''] = await ids();
    await onServer(server, (own) => own.flushall());
    await eventually(async () => !(await guard.acquire(id, ISOLATED, HIGH)).admitted);
    await eventually(async () => (await ids()).length > 0, 'the isolation to be told again');
    const [after = ''] = await ids();
    expect(Number(after.split('-')[0])).toBeGreaterThan(Number(before.split('-')[0]));
    expect(passed).toEqual([]);
  });
});
