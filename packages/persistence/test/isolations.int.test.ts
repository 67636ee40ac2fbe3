import type { BreakerIsolation } from '@aumos/agf-domain';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import {
  BreakersRepository,
  createDataSource,
  IsolationsRepository,
  type RecordedTransition,
  WatchedBreakersRepository,
} from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';

const SINCE = '2026-01-01T00:00:00.000Z';
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const isolation = (over: Partial<BreakerIsolation> = {}): BreakerIsolation => ({
  ...{ key: 'tool:a', reason: 'it harms', by: 'boss', since: SINCE, until: null },
  ...over,
});

describe('isolations', () => {
  const database = useDatabase();
  let tenant: string;
  let isolations: IsolationsRepository;
  beforeEach(() => {
    tenant = tenantA();
    isolations = new IsolationsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);

  it('are in force until they are removed', async () => {
    await run(() => isolations.put(isolation()));
    expect(await isolations.of(tenant)).toEqual([isolation()]);
    expect(await run(() => isolations.remove('tool:a'))).toBe(true);
    expect(await run(() => isolations.get('tool:a'))).toBeNull();
    expect(await run(() => isolations.remove('tool:a'))).toBe(false);
  });

  it('are in force until their time is over', async () => {
    const later = isolation({ key: 'tool:b', until: inSeconds(60) });
    await run(() => isolations.put(isolation({ until: inSeconds(-1) })));
    await run(() => isolations.put(later));
    expect(await isolations.of(tenant)).toEqual([later]);
    expect(await run(() => isolations.get('tool:a'))).toBeNull();
    expect(await run(() => isolations.remove('tool:a'))).toBe(false);
  });

  it('are one a breaker: the later order stands', async () => {
    await run(() => isolations.put(isolation()));
    const later = isolation({ reason: 'still', by: 'other', until: inSeconds(60) });
    await run(() => isolations.put(later));
    expect(await isolations.of(tenant)).toEqual([later]);
  });

  it('wait for each other, of one breaker', async () => {
    const order: string[] = [];
    let entered: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (entered = resolve));
    const holds = run(async () => {
      await isolations.lock('tool:a');
      entered();
      await run(() => database.db.em.query('select pg_sleep(0.2)'));
      order.push('first');
    });
    await first;
    await run(() => isolations.lock('tool:b')).then(() => order.push('another breaker'));
    await run(() => isolations.lock('tool:a')).then(() => order.push('second'));
    await holds;
    expect(order).toEqual(['another breaker', 'first', 'second']);
  });

  describe('seen across tenants', () => {
    const opened = (key: 'tool:a' | 'tool:c', of: string): RecordedTransition => ({
      ...{ tenant_id: of, key, from: 'closed', to: 'open', epoch: 1, failure_count: 5, stream_id: '1-0' },
      ...{ counts: { failures: 5, calls: 5, slow: 0 }, reason: 'failure_threshold', until: null, at: SINCE },
    });
    const record = (t: RecordedTransition) =>
      database.db.run(t.tenant_id, () => new BreakersRepository(database.db).recordTransition(t));

    it('are those and what is not closed, and nothing else', async () => {
      const [isolating, opening, healthy] = [tenantA(), tenantB(), tenantB()];
      const sweeper: DataSource = await createDataSource(database.sweeperUrl, { applicationName: 'w', poolSize: 1 });
      try {
        const watched = new WatchedBreakersRepository(sweeper);
        const before = { isolated: await watched.isolated(), unclosed: await watched.unclosed() };
        expect(before.unclosed).toEqual([]);
        await database.db.run(isolating, () => isolations.put(isolation()));
        await record(opened('tool:a', opening));
        await record(opened('tool:c', healthy));
        const closed = { from: 'open', to: 'closed', epoch: 2, reason: 'probe_succeeded' } as const;
        await record({ ...opened('tool:c', healthy), ...closed });
        const tenants = await watched.tenants();
        expect(tenants).toEqual(expect.arrayContaining([isolating, opening]));
        expect(tenants).not.toContain(healthy);
        expect(await watched.unclosed()).toEqual([{ state: 'open', kind: 'tool', count: 1 }]);
        expect(await watched.isolated()).toBe(before.isolated + 1);
      } finally {
        await sweeper.destroy();
      }
    });
  });
});
