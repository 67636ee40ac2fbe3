import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BreakerIsolation, BreakerKey } from '@aumos/agf-domain';
import { eventually, RedisProxy, testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../src/breaker-guard.js';
import { connect, counted, forget, tenant, transitions } from './redis.js';

const LEVEL = { level: 1 } as const;
const HIGH = { level: 3 } as const;
const chain = [counted('agent:a'), counted('tool:x')];
const isolationOf = (key: BreakerKey, until: string | null = null): BreakerIsolation => ({
  key,
  reason: 'it answers nonsense',
  by: 'ops',
  since: '2026-01-01T00:00:00Z',
  until,
});

/** What PostgreSQL holds; reading takes a turn of the event loop. */
class Truth {
  isolations: BreakerIsolation[] = [];
  reads = 0;
  broken = false;
  /** runs once, between reading and answering */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  readonly load = async (): Promise<BreakerIsolation[]> => {
    this.reads++;
    const read = [...this.isolations];
    const meanwhile = this.meanwhile;
    this.meanwhile = () => Promise.resolve();
    await meanwhile();
    if (this.broken) throw new Error('PostgreSQL is away');
    return read;
  };
}

describe('isolated breakers', () => {
  const redis = connect();
  let id: string;
  let truth: Truth;
  let guard: BreakerGuard;
  const flush = (): Promise<unknown> => forget(redis, id);
  const admitted = async (call: { level: 1 | 3 } = LEVEL): Promise<boolean> =>
    (await guard.acquire(id, chain, call)).admitted;
  const isolate = async (key: BreakerKey, until?: string): Promise<void> => {
    truth.isolations.push(isolationOf(key, until));
    await guard.isolate(id, isolationOf(key, until));
  };
  const release = async (key: BreakerKey): Promise<void> => {
    truth.isolations = truth.isolations.filter((one) => one.key !== key);
    await guard.release(id, key);
  };
  beforeEach(() => {
    id = tenant();
    truth = new Truth();
    guard = new BreakerGuard(redis, { isolations: truth.load });
  });
  afterEach(() => forget(redis, id));
  afterAll(() => redis.disconnect());

  it('refuse until they are released, and tell each once', async () => {
    await isolate('tool:x');
    await guard.isolate(id, isolationOf('tool:x'));
    expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false, key: 'tool:x', state: 'open' });
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'open', isolated: true, retry_after_ms: null });
    await release('tool:x');
    await guard.release(id, 'tool:x');
    expect(await admitted()).toBe(true);
    expect((await transitions(redis, id)).map(({ from, to, reason, until }) => [from, to, reason, until])).toEqual([
      ['closed', 'open', 'isolated', null],
      ['open', 'closed', 'released', null],
    ]);
  });

  it('may be probed from their end on', async () => {
    const until = new Date(Date.now() + 400).toISOString();
    await isolate('tool:x', until);
    expect((await guard.acquire(id, chain, LEVEL)).admitted).toBe(false);
    await eventually(() => admitted());
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'half_open', isolated: false });
    expect((await transitions(redis, id)).map(({ reason }) => reason)).toEqual(['isolated', 'reset_timeout']);
    expect((await transitions(redis, id))[0]?.until).toBe(until);
  });

  it('are freed by no flush, not for one of a hundred calls at once', async () => {
    await isolate('tool:x');
    expect(await admitted()).toBe(false);
    for (let i = 0; i < 5; i++) {
      const calls = Array.from({ length: 100 }, (_, n) =>
        n === 50 ? flush().then(() => false) : guard.acquire(id, chain, n % 2 ? LEVEL : HIGH),
      );
      expect((await Promise.all(calls)).filter((one) => typeof one !== 'boolean' && one.admitted)).toEqual([]);
    }
  });

  it('are read once for many calls', async () => {
    await Promise.all(Array.from({ length: 50 }, () => admitted()));
    await Promise.all(Array.from({ length: 50 }, () => admitted()));
    expect(truth.reads).toBe(1);
  });

  it('are read again after a while: a failover may have lost one, or a release', async () => {
    await isolate('tool:x');
    expect(await admitted()).toBe(false);
    // What the replica did not get: the isolation of agent:a, the release of tool:x.
    truth.isolations = [isolationOf('agent:a')];
    const marker = `{agf:${id}}:breaker:isolations`;
    const left = await redis.pttl(marker);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10_000);
    await redis.pexpire(marker, 1);
    await eventually(async () => (await redis.exists(marker)) === 0);
    expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false, key: 'agent:a' });
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'closed' });
  });

  it('are not brought back by who read before the release', async () => {
    await isolate('tool:x');
    await flush();
    truth.meanwhile = () => release('tool:x');
    expect(await admitted()).toBe(true);
    expect(truth.reads).toBe(2);
  });

  it('are not forgotten by who read before the order', async () => {
    truth.meanwhile = () => isolate('tool:x');
    expect(await admitted()).toBe(false);
    expect(await guard.state(id, 'tool:x')).toMatchObject({ isolated: true });
  });

  it('that cannot be read hold up what needs level 3, and nothing below', async () => {
    truth.broken = true;
    expect(await guard.acquire(id, chain, HIGH)).toMatchObject({ admitted: false, degraded: true });
    expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: true, degraded: true });
    expect(guard.health().redis).toBe('answering');
    truth.broken = false;
    expect(await guard.acquire(id, chain, HIGH)).not.toHaveProperty('degraded');
  });

  it('without an end that is a time are refused', async () => {
    await expect(guard.isolate(id, isolationOf('tool:x', 'tomorrow'))).rejects.toThrow(RangeError);
  });

  it('of another tenant are not touched', async () => {
    const other = tenant();
    await isolate('tool:x');
    truth.isolations = [];
    expect((await guard.acquire(other, chain, LEVEL)).admitted).toBe(true);
    expect(await guard.state(id, 'tool:x')).toMatchObject({ isolated: true });
    await forget(redis, other);
  });
});

describe('isolated breakers while Redis is away', () => {
  it('refuse in the process, and are released there', async () => {
    const proxy = await RedisProxy.before(testStack().redis);
    const redis = new Redis(proxy.url, { retryStrategy: () => 20, disconnectTimeout: 50, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    let now = Date.now();
    const truth = new Truth();
    const guard = new BreakerGuard(redis, { isolations: truth.load, commandTimeoutMs: 100, now: () => now });
    const id = tenant();
    try {
      truth.isolations = [isolationOf('tool:x')];
      proxy.cut();
      expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false, key: 'tool:x', degraded: true });
      await expect(guard.isolate(id, isolationOf('tool:x'))).rejects.toThrow();
      truth.isolations = [];
      expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false });
      now += 5_000;
      expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: true, degraded: true });
      // What was known last holds while nothing can be read.
      truth.isolations = [isolationOf('agent:a')];
      now += 5_000;
      expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false, key: 'agent:a' });
      truth.broken = true;
      now += 5_000;
      expect(await guard.acquire(id, chain, LEVEL)).toMatchObject({ admitted: false, key: 'agent:a' });
    } finally {
      redis.disconnect();
      await proxy.close();
    }
  });
});
