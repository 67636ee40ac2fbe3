import type { BreakerKey } from '@aumos/agf-domain';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  BreakerFactsRepository,
  BreakersRepository,
  CallStatisticsRepository,
  type RecordedTransition,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';

const WORKFLOW: BreakerKey = 'workflow:7c9e6679-7425-4de8-944b-e07fc1f90ae7';
const AGENT: BreakerKey = 'agent:7c9e6679-7425-4de8-944b-e07fc1f90ae7';
const TOOL: BreakerKey = 'tool:a';
const NOON = Date.parse('2026-01-01T12:00:00Z');
const at = (seconds: number): Date => new Date(NOON + seconds * 1000);

describe('statistics', () => {
  const database = useDatabase();
  let tenant: string;
  let statistics: CallStatisticsRepository;
  beforeEach(() => {
    tenant = tenantA();
    statistics = new CallStatisticsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);

  it('add up over hours, by key and for all workflows', async () => {
    await run(() => statistics.count([WORKFLOW, AGENT], { failed: 1, code: 'A', duration_ms: 10 }, at(0)));
    await run(() => statistics.count([WORKFLOW], { failed: 1, code: 'A', duration_ms: 10 }, at(3_600)));
    await run(() => statistics.count([WORKFLOW], { completed: 1, duration_ms: 0 }, at(3_601)));
    await run(() => statistics.count([AGENT], { invoked: 1 }, at(0)));
    const all = await run(() => statistics.of(at(0), null));
    expect(all).toMatchObject({ failed: 2, completed: 1, invoked: 0, failures: { A: 2 } });
    expect(Object.values(all.durations).sort()).toEqual([1, 2]);
    expect(await run(() => statistics.of(at(0), [AGENT]))).toMatchObject({ failed: 1, invoked: 1, failures: { A: 1 } });
    expect(await run(() => statistics.of(at(3_600), [WORKFLOW]))).toMatchObject({ failed: 1, completed: 1 });
    expect(await run(() => statistics.of(at(9_999_999), null))).toMatchObject({
      failed: 0,
      failures: {},
      durations: {},
    });
    expect(await run(() => statistics.busiest(at(0), 9))).toEqual([WORKFLOW, AGENT]);
  });

  it('count each of 20 at once', async () => {
    const one = () => run(() => statistics.count([WORKFLOW, AGENT], { failed: 1, code: 'A', duration_ms: 5 }, at(0)));
    await Promise.all(Array.from({ length: 20 }, one));
    const { failed, failures, durations } = await run(() => statistics.of(at(0), [WORKFLOW]));
    expect([failed, failures, Object.values(durations)]).toEqual([20, { A: 20 }, [20]]);
  });

  it('keep few codes of the many that teams invent', async () => {
    for (let i = 0; i < 55; i++)
      await run(() => statistics.count([WORKFLOW], { failed: 1, code: `C${String(i)}` }, at(0)));
    const { failures } = await run(() => statistics.of(at(0), [WORKFLOW]));
    expect(Object.keys(failures)).toHaveLength(51);
    expect(failures['OTHER']).toBe(5);
  });

  describe('of breakers', () => {
    let epoch = 0;
    const change = (
      second: number,
      from: RecordedTransition['from'],
      to: RecordedTransition['to'],
      over: Partial<RecordedTransition> = {},
    ) => {
      epoch += 1;
      const reasons = { open: 'failure_threshold', half_open: 'reset_timeout', closed: 'probe_succeeded' } as const;
      const counts = { failures: 5, calls: 5, slow: 0 };
      const transition: RecordedTransition = {
        ...{
          tenant_id: tenant,
          key: TOOL,
          from,
          to,
          epoch,
          failure_count: 5,
          counts,
          reason: reasons[to],
          until: null,
        },
        ...{ at: at(second).toISOString(), stream_id: `${String(epoch)}-0`, ...over },
      };
      return run(() => new BreakersRepository(database.db).recordTransition(transition));
    };
    const times = (from: number, until: number, key: BreakerKey | null = null) =>
      run(() => statistics.times(at(from), at(until), key));

    it('tell how long they were open, and how long it took to recover', async () => {
      await change(0, 'closed', 'open');
      await change(10, 'open', 'half_open');
      await change(11, 'half_open', 'open', { reason: 'probe_failed' });
      await change(21, 'open', 'half_open');
      await change(22, 'half_open', 'closed');
      await change(100, 'closed', 'open', { key: 'tool:b' });
      expect(await times(-10, 110)).toEqual({
        ...{ opened: 2, open_seconds: 30, recovered: 1, mean_time_to_recover_seconds: 22 },
      });
      expect(await times(-10, 110, TOOL)).toMatchObject({ opened: 1, open_seconds: 20 });
    });

    it('see what was open before they look', async () => {
      await change(0, 'closed', 'open');
      expect(await times(50, 60)).toMatchObject({ opened: 0, open_seconds: 10, mean_time_to_recover_seconds: null });
      await change(55, 'open', 'half_open');
      await change(57, 'half_open', 'closed');
      expect(await times(50, 60)).toMatchObject({ open_seconds: 5, recovered: 1, mean_time_to_recover_seconds: 57 });
    });

    it('do not call a release a recovery', async () => {
      await change(0, 'closed', 'open', { reason: 'isolated' });
      await change(5, 'open', 'closed', { reason: 'released' });
      expect(await times(0, 10)).toMatchObject({ opened: 1, open_seconds: 5, recovered: 0 });
    });

    it('mark what flaps and what is stuck, and not what was isolated', async () => {
      const now = (Date.now() - NOON) / 1000;
      const until = at(now - 50).toISOString();
      for (const second of [now - 60, now - 40, now - 20]) {
        await change(second, 'closed', 'open', { key: 'tool:flaps' });
        await change(second + 10, 'open', 'closed', { key: 'tool:flaps' });
      }
      await change(now - 60, 'closed', 'open', { key: 'tool:stuck', until });
      await change(now - 60, 'closed', 'open', { key: 'tool:held', reason: 'isolated', until });
      const facts = new BreakerFactsRepository(database.db);
      const limits = { openings: 3, within_seconds: 3_600, resets: 5 };
      expect([...(await run(() => facts.anomalies(limits)))]).toEqual([
        ['tool:flaps', ['flapping']],
        ['tool:stuck', ['stuck']],
      ]);
      expect((await run(() => facts.anomalies({ ...limits, within_seconds: 30, resets: 7 }))).size).toBe(0);
    });
  });
});
