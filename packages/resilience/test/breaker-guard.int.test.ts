import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type Admission,
  BREAKER_TENANTS,
  type BreakerKey,
  breakerTransitionsKey,
  type ChainLink,
  type Permit,
} from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { BreakerGuard } from '../src/breaker-guard.js';
import { checked, clockedBreakers, CONFIG, connect, counted, forget, tenant, transitions } from './redis.js';

const LEVEL = { level: 1 } as const;
const redis = connect();
const tenants: string[] = [];
const newTenant = (): string => {
  tenants.push(tenant());
  return tenants.at(-1) as string;
};
afterAll(async () => {
  for (const id of tenants) await forget(redis, id);
  redis.disconnect();
});

const permitOf = (admission: Admission): Permit => {
  if (!admission.admitted) throw new Error(`refused by ${admission.key}`);
  return admission.permit;
};
const many = <T>(n: number, fn: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: n }, fn));
const open = async (guard: BreakerGuard, id: string, link: ChainLink): Promise<void> => {
  const permits = await many(link.config.failure_threshold, async () =>
    permitOf(await guard.acquire(id, [link], LEVEL)),
  );
  for (const permit of permits) await guard.report(id, permit, 'failure');
};

describe('BreakerGuard', () => {
  const guard = new BreakerGuard(redis);

  it('counts 50 failures that are reported at once as 50', async () => {
    const id = newTenant();
    const link = counted('tool:x', { failure_threshold: 51 });
    const permits = await many(50, async () => permitOf(await guard.acquire(id, [link], LEVEL)));
    await Promise.all(permits.map((permit) => guard.report(id, permit, 'failure')));
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'closed', failure_count: 50 });
    await guard.report(id, permitOf(await guard.acquire(id, [link], LEVEL)), 'failure');
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'open', failure_count: 51 });
  });

  it('opens once, refuses with the time left, and tells the tenant’s stream', async () => {
    const id = newTenant();
    const link = counted('workflow:w');
    const permits = await many(50, async () => permitOf(await guard.acquire(id, [link], LEVEL)));
    await Promise.all(permits.map((permit) => guard.report(id, permit, 'failure')));
    const refusal = await guard.acquire(id, [link], LEVEL);
    expect(refusal).toMatchObject({ admitted: false, key: 'workflow:w', state: 'open' });
    if (!refusal.admitted) expect(refusal.retry_after_ms / 1000).toBeGreaterThan(55);
    if (!refusal.admitted) expect(refusal.retry_after_ms / 1000).toBeLessThanOrEqual(66);
    const told = await transitions(redis, id);
    expect(told).toEqual([
      expect.objectContaining({
        tenant_id: id,
        key: 'workflow:w',
        from: 'closed',
        to: 'open',
        failure_count: 5,
        reason: 'failure_threshold',
      }),
    ]);
    expect(Math.abs(Date.parse(told[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
    await eventually(async () => (await redis.sismember(BREAKER_TENANTS, id)) === 1);
  });

  it('counts a report once, however often it is sent', async () => {
    const id = newTenant();
    const permit = permitOf(await guard.acquire(id, [counted('tool:x')], LEVEL));
    for (let i = 0; i < 10; i++) await guard.report(id, permit, 'failure');
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'closed', failure_count: 1 });
  });

  it('counts no success and nothing ignored', async () => {
    const id = newTenant();
    for (const outcome of ['success', 'ignored'] as const) {
      await guard.report(id, permitOf(await guard.acquire(id, [counted('tool:x')], LEVEL)), outcome);
    }
    expect(await guard.states(id)).toEqual([]);
    expect(await guard.states(id, ['tool:x'])).toMatchObject([
      { key: 'tool:x', state: 'closed', failure_count: 0, since: null },
    ]);
  });

  it('takes from nobody when one link refuses, and names that link', async () => {
    const id = newTenant();
    const { breakers, at } = await clockedBreakers(redis, id);
    const clocked = new BreakerGuard(redis, { breakers });
    await open(clocked, id, counted('agent:a'));
    await at(1_795_000_070_000);
    await open(clocked, id, counted('workflow:parent'));
    const chain = [counted('agent:a'), counted('tool:t'), checked('workflow:parent')];
    expect(await clocked.acquire(id, chain, LEVEL)).toMatchObject({
      admitted: false,
      key: 'workflow:parent',
      state: 'open',
    });
    // agent:a was due for a probe, and still is: all three permits are free.
    expect(
      (await many(3, () => clocked.acquire(id, [counted('agent:a')], LEVEL))).every(({ admitted }) => admitted),
    ).toBe(true);
  });

  it('lets check links pass while half open, and takes no permit of them', async () => {
    const id = newTenant();
    const { breakers, at } = await clockedBreakers(redis, id);
    const clocked = new BreakerGuard(redis, { breakers });
    await open(clocked, id, counted('workflow:w'));
    expect((await clocked.acquire(id, [checked('workflow:w')], LEVEL)).admitted).toBe(false);
    await at(1_795_000_070_000);
    const passed = await many(20, () => clocked.acquire(id, [checked('workflow:w')], LEVEL));
    expect(passed.every((admission) => admission.admitted && admission.permit.links.length === 0)).toBe(true);
  });

  it('admits exactly the permitted number of 100 calls while half open, closes when they succeed', async () => {
    const id = newTenant();
    const { breakers, at } = await clockedBreakers(redis, id);
    const clocked = new BreakerGuard(redis, { breakers });
    const link = counted('tool:x');
    await open(clocked, id, link);
    await at(1_795_000_070_000);
    const asked = await many(100, () => clocked.acquire(id, [link], LEVEL));
    const admitted = asked.filter((admission) => admission.admitted);
    expect(admitted).toHaveLength(3);
    expect(asked.find((admission) => !admission.admitted)).toMatchObject({
      state: 'half_open',
      retry_after_ms: 60_000,
    });
    expect(await clocked.state(id, 'tool:x')).toMatchObject({
      state: 'half_open',
      probes: { succeeded: 0, in_flight: 3 },
    });
    for (const admission of admitted) await clocked.report(id, permitOf(admission), 'success');
    expect(await clocked.state(id, 'tool:x')).toMatchObject({ state: 'closed', failure_count: 0 });
    expect((await transitions(redis, id)).map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['closed', 'open', 'failure_threshold'],
      ['open', 'half_open', 'reset_timeout'],
      ['half_open', 'closed', 'probe_succeeded'],
    ]);
  });

  it('gives the permit of a crashed probe to the next call once its lease ended', async () => {
    const id = newTenant();
    const { breakers, at } = await clockedBreakers(redis, id);
    const clocked = new BreakerGuard(redis, { breakers });
    const link = counted('tool:x', { half_open_max_calls: 1 });
    await open(clocked, id, link);
    await at(1_795_000_070_000);
    const crashed = permitOf(await clocked.acquire(id, [link], { level: 1, lease_ms: 10_000 }));
    expect((await clocked.acquire(id, [link], LEVEL)).admitted).toBe(false);
    await at(1_795_000_080_001);
    const next = permitOf(await clocked.acquire(id, [link], LEVEL));
    await clocked.report(id, crashed, 'failure');
    expect(await clocked.state(id, 'tool:x')).toMatchObject({
      state: 'half_open',
      probes: { succeeded: 0, in_flight: 1 },
    });
    await clocked.report(id, next, 'success');
    expect(await clocked.state(id, 'tool:x')).toMatchObject({ state: 'closed' });
  });

  it('is not moved by reports of an older epoch', async () => {
    const id = newTenant();
    const { breakers, at } = await clockedBreakers(redis, id);
    const clocked = new BreakerGuard(redis, { breakers });
    const link = counted('tool:x', { half_open_max_calls: 1 });
    const late = await many(20, async () => permitOf(await clocked.acquire(id, [link], LEVEL)));
    await open(clocked, id, link);
    await at(1_795_000_070_000);
    const probe = permitOf(await clocked.acquire(id, [link], LEVEL));
    for (const permit of late.slice(0, 10)) await clocked.report(id, permit, 'failure');
    expect(await clocked.state(id, 'tool:x')).toMatchObject({ state: 'half_open' });
    await clocked.report(id, probe, 'success');
    for (const permit of late.slice(10)) await clocked.report(id, permit, 'failure');
    expect(await clocked.state(id, 'tool:x')).toMatchObject({ state: 'closed', failure_count: 0 });
  });

  it('asks a breaker that is twice in the chain once', async () => {
    const id = newTenant();
    const permit = permitOf(
      await guard.acquire(id, [checked('workflow:w'), counted('workflow:w'), checked('workflow:w')], LEVEL),
    );
    expect(permit.links.map(({ key }) => key)).toEqual(['workflow:w']);
  });

  it('keeps tenants apart', async () => {
    const [mine, theirs] = [newTenant(), newTenant()];
    await open(guard, mine, counted('tool:x'));
    expect((await guard.acquire(mine, [counted('tool:x')], LEVEL)).admitted).toBe(false);
    expect((await guard.acquire(theirs, [counted('tool:x')], LEVEL)).admitted).toBe(true);
    expect(await guard.states(theirs)).toEqual([]);
    expect(await redis.exists(breakerTransitionsKey(theirs))).toBe(0);
  });

  it('answers each of many calls of a turn, whosever and whatever they are', async () => {
    const [mine, theirs] = [newTenant(), newTenant()];
    await open(guard, mine, counted('tool:7'));
    const asked = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const key: BreakerKey = `tool:${String(i % 10)}`;
        const tenantId = i % 3 === 0 ? mine : theirs;
        const { admitted } = await guard.acquire(tenantId, [counted(key), counted('workflow:w')], LEVEL);
        return { admitted, refused: tenantId === mine && key === 'tool:7' };
      }),
    );
    expect(asked.filter(({ admitted, refused }) => admitted === refused)).toEqual([]);
  });

  it('forgets idle closed breakers, never open ones', async () => {
    const id = newTenant();
    await guard.report(id, permitOf(await guard.acquire(id, [counted('tool:idle')], LEVEL)), 'failure');
    await open(guard, id, counted('tool:open', { reset_timeout_seconds: 0.001 }));
    const ttl = (key: string): Promise<number> => redis.pttl(`{agf:${id}}:breaker:${key}`);
    expect(await ttl('tool:idle')).toBeGreaterThan(CONFIG.window_seconds * 1000 - 5_000);
    expect(await ttl('tool:idle')).toBeLessThanOrEqual((CONFIG.window_seconds + 1) * 1000);
    expect(await ttl('tool:open')).toBe(-1);
    await redis.pexpire(`{agf:${id}}:breaker:tool:idle`, 1);
    await eventually(async () => (await guard.states(id)).length === 1);
    expect(await redis.zrange(`{agf:${id}}:breaker:index`, 0, -1)).toEqual(['tool:open']);
  });

  it('works again after the script cache was lost', async () => {
    const id = newTenant();
    const own = redis.duplicate();
    await own.script('FLUSH');
    const fresh = new BreakerGuard(own);
    expect(await fresh.acquire(id, [counted('tool:x')], { level: 3 })).not.toHaveProperty('degraded');
    own.disconnect();
  });

  it('guards a function: reports its success, its failure, or what its error is said to be', async () => {
    const id = newTenant();
    const chain = [counted('tool:x', { failure_threshold: 2 })];
    expect(await guard.guard(id, chain, LEVEL, async () => 7)).toEqual({ kind: 'done', value: 7, degraded: false });
    const fail = (): Promise<never> => Promise.reject(new Error('boom'));
    await expect(guard.guard(id, chain, { level: 1, outcomeOf: () => 'ignored' }, fail)).rejects.toThrow('boom');
    expect(await guard.state(id, 'tool:x')).toMatchObject({ failure_count: 0 });
    for (let i = 0; i < 2; i++) await expect(guard.guard(id, chain, LEVEL, fail)).rejects.toThrow('boom');
    expect(await guard.guard(id, chain, LEVEL, async () => 7)).toMatchObject({
      kind: 'refused',
      refusal: { key: 'tool:x', state: 'open' },
    });
  });
});
