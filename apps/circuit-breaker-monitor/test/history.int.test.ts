import { breakerTransitionsKey } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RescanTenant } from '../src/rescan/rescan-tenant.js';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

const A = 'tool:a';

/** Two monitors of one database and one Redis: each is told of everything. */
describe('the history', () => {
  let monitor: ListeningMonitor;
  let second: ListeningMonitor;
  let tenant: TenantBreakers;
  beforeAll(async () => {
    monitor = await startMonitor();
    second = await startMonitor(monitor.env);
  }, 120_000);
  afterAll(async () => {
    await second.close();
    await monitor.close();
  });
  beforeEach(() => {
    tenant = new TenantBreakers(monitor);
  });
  const said = (...history: string[]) =>
    eventually(
      async () => {
        const rows = await tenant.history();
        if (rows.length >= history.length) expect(rows).toEqual(history);
        return rows.length >= history.length;
      },
      `the history ${history.join(', ')}`,
    );
  const rescan = () => Promise.all([monitor, second].map(({ app }) => app.get(RescanTenant).run(tenant.id)));

  it('has each change once, and so has Kafka', async () => {
    await tenant.open(A, 0.3);
    await eventually(() => tenant.call(A, 'success'), 'the probe');
    await said('closed open failure_threshold', 'open half_open reset_timeout', 'half_open closed probe_succeeded');
    const [opened, , closed] = await tenant.rows();
    expect(opened).toMatchObject({ failure_count: 1, call_count: 1, until: expect.any(Date), position: 1 });
    expect(await tenant.events()).toEqual([
      {
        event_type: 'agf.circuit_breaker.opened',
        data: {
          ...{ circuit_key: A, from_state: 'closed', to_state: 'open', trigger_reason: 'failure_threshold' },
          ...{ failure_count: 1, call_count: 1, slow_count: 0, epoch: opened!.epoch },
        },
      },
      {
        event_type: 'agf.circuit_breaker.closed',
        data: expect.objectContaining({ from_state: 'half_open', epoch: closed!.epoch }),
      },
    ]);
    await rescan();
    expect(await tenant.rows()).toHaveLength(3);
  });

  it('is complete for a monitor that comes late, of what nobody has read', async () => {
    const { AUMOS_AGF_REDIS_URL } = monitor.env as { AUMOS_AGF_REDIS_URL: string };
    await tenant.open('tool:x');
    await tenant.open('tool:y');
    await said('closed open failure_threshold', 'closed open failure_threshold');
    // Of another database: it knows of nothing that was recorded.
    const late = await startMonitor({ AUMOS_AGF_REDIS_URL });
    try {
      const read = tenant.of(late);
      await eventually(async () => (await read.rows()).length === 2, 'what is in the stream');
      expect((await read.rows()).map(({ epoch }) => epoch)).toEqual((await tenant.rows()).map(({ epoch }) => epoch));
    } finally {
      await late.close();
    }
  }, 60_000);

  it('goes on where it was, not from the beginning', async () => {
    await tenant.open('tool:before');
    await said('closed open failure_threshold');
    // As if the place were remembered wrongly: what is read again is dropped.
    await monitor.app.get(Redis).xadd(breakerTransitionsKey(tenant.id), '*', 'no', 'transition');
    await tenant.open('tool:after');
    await said('closed open failure_threshold', 'closed open failure_threshold');
    expect((await tenant.events()).map(({ data }) => data['circuit_key'])).toEqual(['tool:after', 'tool:before']);
  });

  describe('after a flush', () => {
    it('opens again what is in its reset time, at once and for the rest of it', async () => {
      await tenant.open(A);
      await said('closed open failure_threshold');
      const [opened] = await tenant.rows();
      await tenant.flush();
      await said('closed open failure_threshold', 'open open restored');
      const [state] = await tenant.guard.states(tenant.id, [A]);
      expect(state).toMatchObject({ state: 'open', failure_count: 1 });
      expect(Math.abs(Date.now() + state!.retry_after_ms! - opened!.until!.getTime())).toBeLessThan(2_000);
      expect(await tenant.call(A, 'success')).toBe(false);
      const [, restored] = await tenant.rows();
      expect(restored!.epoch).toBeGreaterThan(opened!.epoch);
      expect(restored!.until).toEqual(opened!.until);
    });

    it('tells honestly of what cannot be restored', async () => {
      await tenant.open(A, 0.2);
      const probe = tenant.chain(A, { reset_timeout_seconds: 60 });
      await eventually(
        async () => (await tenant.guard.acquire(tenant.id, probe, { level: 3 })).admitted,
        'a probe that never reports',
      );
      await said('closed open failure_threshold', 'open half_open reset_timeout');
      await tenant.flush();
      await said('closed open failure_threshold', 'open half_open reset_timeout', 'half_open closed store_lost');
      await rescan();
      await rescan();
      expect(await tenant.rows()).toHaveLength(3);
      const events = await tenant.events();
      expect(events.map(({ event_type }) => event_type.split('.').at(-1))).toEqual(['opened', 'closed']);
      expect(events[1]!.data).toMatchObject({ trigger_reason: 'store_lost', from_state: 'half_open' });
    });

    it('leaves what has opened anew, and tells what was lost before it', async () => {
      await tenant.open(A, 0.2);
      await said('closed open failure_threshold');
      await eventually(async () => {
        const [state] = await tenant.guard.states(tenant.id, [A]);
        return state!.retry_after_ms === 0;
      }, 'the end of the reset time');
      await tenant.flush();
      await tenant.open(A);
      await said('closed open failure_threshold', 'open closed store_lost', 'closed open failure_threshold');
      const epochs = (await tenant.rows()).map(({ epoch }) => epoch);
      expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    });

    it('finds a change whose entry was lost', async () => {
      await tenant.open('tool:other');
      await said('closed open failure_threshold');
      const redis = monitor.app.get(Redis);
      // In one step, so that nobody reads it in between.
      const multi = redis.multi();
      const record = `{agf:${tenant.id}}:breaker:${A}`;
      const index = `{agf:${tenant.id}}:breaker:index`;
      const [other] = await tenant.guard.states(tenant.id, ['tool:other']);
      const written = await redis.get(`{agf:${tenant.id}}:breaker:tool:other`);
      await multi.set(record, written!).zadd(index, 0, A).exec();
      await rescan();
      await said('closed open failure_threshold', 'closed open found');
      const [, found] = await tenant.rows();
      expect(found).toMatchObject({ circuit_key: A, epoch: other!.epoch, failure_count: 1 });
      await rescan();
      expect(await tenant.rows()).toHaveLength(2);
    });
  });

  it("is each tenant's own", async () => {
    const other = new TenantBreakers(monitor);
    await tenant.open(A);
    await other.open(A);
    await said('closed open failure_threshold');
    await other.flush();
    await eventually(async () => (await other.history()).includes('open open restored'), 'theirs to be restored');
    expect(await tenant.history()).toEqual(['closed open failure_threshold']);
    expect((await tenant.events()).length).toBe(1);
  });
});
