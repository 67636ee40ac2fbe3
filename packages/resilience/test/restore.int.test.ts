import { afterAll, describe, expect, it } from '@jest/globals';
import type { Admission, BreakerKey } from '@aumos/agf-domain';
import { BreakerGuard, type GuardedCall } from '../src/breaker-guard.js';
import { connect, counted, forget, tenant, transitions } from './redis.js';

const LEVEL: GuardedCall = { level: 1 };
const in_ = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('what history knows and Redis lost', () => {
  const redis = connect();
  const guard = new BreakerGuard(redis);
  const tenants: string[] = [];
  const newTenant = (): string => {
    tenants.push(tenant());
    return tenants.at(-1) as string;
  };
  const lost = (key: BreakerKey, epoch = 7) => ({
    key,
    epoch,
    since: in_(-5_000),
    until: in_(55_000),
    failure_count: 5,
  });
  const ask = (id: string, key: BreakerKey): Promise<Admission> => guard.acquire(id, [counted(key)], LEVEL);
  afterAll(async () => {
    for (const id of tenants) await forget(redis, id);
    redis.disconnect();
  });

  it('is open again, for as long as it would have been, once by whomever', async () => {
    const id = newTenant();
    const breaker = lost('tool:x');
    const restored = await Promise.all(Array.from({ length: 10 }, () => guard.restore(id, [breaker])));
    expect(restored.reduce((sum, n) => sum + n, 0)).toBe(1);
    const refusal = await ask(id, 'tool:x');
    expect(refusal).toMatchObject({ admitted: false, state: 'open' });
    if (!refusal.admitted) expect(refusal.retry_after_ms).toBeLessThanOrEqual(55_000);
    expect(await guard.state(id, 'tool:x')).toMatchObject({ failure_count: 5, since: breaker.since, isolated: false });
    expect(await transitions(redis, id)).toMatchObject([
      { from: 'open', to: 'open', reason: 'restored', until: breaker.until, failure_count: 5 },
    ]);
  });

  it('is left to what Redis knows better', async () => {
    const id = newTenant();
    await guard.isolate(id, { key: 'tool:isolated', until: null });
    await guard.isolate(id, { key: 'tool:closed', until: null });
    await guard.release(id, 'tool:closed');
    expect(await guard.restore(id, [lost('tool:isolated'), lost('tool:closed'), lost('tool:lost')])).toBe(1);
    expect((await guard.states(id)).map(({ key, state, isolated }) => [key, state, isolated])).toEqual([
      ['tool:closed', 'closed', false],
      ['tool:isolated', 'open', true],
      ['tool:lost', 'open', false],
    ]);
  });

  it('makes late what was reported of the time between', async () => {
    const id = newTenant();
    const admission = await ask(id, 'tool:x');
    await guard.restore(id, [{ ...lost('tool:x'), until: in_(-1) }]);
    const probe = await ask(id, 'tool:x');
    if (!admission.admitted || !probe.admitted) throw new Error('refused');
    await guard.report(id, admission.permit, 'failure');
    expect(await guard.state(id, 'tool:x')).toMatchObject({ state: 'half_open', probes: { in_flight: 1 } });
  });

  it('refuses times that are none', async () => {
    await expect(guard.restore(newTenant(), [{ ...lost('tool:x'), until: '' }])).rejects.toThrow(RangeError);
  });

  it('comes by the hundreds', async () => {
    const id = newTenant();
    const many = Array.from({ length: 450 }, (_, i) => lost(`tool:t${String(i)}`));
    expect(await guard.restore(id, many)).toBe(450);
    expect((await guard.states(id)).filter(({ state }) => state === 'open')).toHaveLength(450);
  });
});
