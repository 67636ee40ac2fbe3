import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import {
  ApprovalsRepository,
  ChannelsRepository,
  createDataSource,
  DecisionLinksRepository,
  DeliveriesRepository,
  type DueDelivery,
  DueDeliveriesRepository,
  NoticesRepository,
} from '../src/index.js';
import { aChannel, aDelivery, anAttempt } from './support/channels.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution, newApproval } from './support/rows.js';

const ALL = { limit: 1_000, perTenant: 1_000, leaseSeconds: 60 };

describe('what channels are to be told', () => {
  const database = useDatabase();
  const [a, b] = [tenantA(), tenantB()];
  let sweeper: DataSource;
  let due: DueDeliveriesRepository;
  let r: {
    channels: ChannelsRepository;
    deliveries: DeliveriesRepository;
    links: DecisionLinksRepository;
    notices: NoticesRepository;
  };
  const channels: Record<string, string> = {};
  const approvals: Record<string, string> = {};

  beforeAll(async () => {
    const { db } = database;
    sweeper = await createDataSource(database.sweeperUrl, { applicationName: 'deliver', poolSize: 6 });
    due = new DueDeliveriesRepository(sweeper);
    r = {
      channels: new ChannelsRepository(db),
      deliveries: new DeliveriesRepository(db),
      links: new DecisionLinksRepository(db),
      notices: new NoticesRepository(db),
    };
    for (const tenant of [a, b]) {
      const approval = newApproval(await aRunningExecution(db, tenant));
      approvals[tenant] = approval.approval_id;
      channels[tenant] = randomUUID();
      await db.run(tenant, async () => {
        await new ApprovalsRepository(db).open(approval);
        await r.channels.create(aChannel(channels[tenant]!, 'ours'));
      });
    }
  });
  afterAll(() => sweeper.destroy());

  const add = async (tenant: string): Promise<string> => {
    const id = randomUUID();
    await database.db.run(tenant, () => r.deliveries.add(aDelivery(id, channels[tenant]!, approvals[tenant]!)));
    return id;
  };
  const settleAll = async (): Promise<void> => {
    for (const { tenant_id, id, claims } of await due.claim(ALL))
      await database.db.run(tenant_id, () => r.deliveries.delivered({ id, claims }, anAttempt));
  };
  const idsOf = (claimed: DueDelivery[]): string[] => claimed.map(({ id }) => id).sort();

  it('is found of every tenant, and claimed by one of many', async () => {
    const made = [];
    for (let i = 0; i < 40; i++) made.push(await add(i % 2 ? a : b));
    const claimed = await Promise.all(Array.from({ length: 6 }, () => due.claim({ ...ALL, limit: 10 })));
    expect(idsOf(claimed.flat()).length).toBe(new Set(idsOf(claimed.flat())).size);
    expect(idsOf([...claimed.flat(), ...(await due.claim(ALL))])).toEqual(made.sort());
    expect(await due.claim(ALL)).toEqual([]);
    const reclaimed = await database.db.run(a, (em) =>
      em.query<unknown[]>(`update agf_hitl_deliveries set next_at = clock_timestamp() returning id`),
    );
    expect(reclaimed).toHaveLength(2);
    await settleAll();
  });

  it('is not all one tenant’s, however many that has', async () => {
    for (let i = 0; i < 12; i++) await add(a);
    const late = await add(b);
    const claimed = await due.claim({ limit: 5, perTenant: 4, leaseSeconds: 60 });
    expect(claimed.filter(({ tenant_id }) => tenant_id === a)).toHaveLength(4);
    expect(idsOf(claimed)).toContain(late);
    await database.db.run(a, (em) => em.query(`update agf_hitl_deliveries set next_at = clock_timestamp()`));
    await settleAll();
  });

  it('is claimed again once the lease is over, and then the first claim writes nothing', async () => {
    const id = await add(a);
    const [first] = await due.claim({ ...ALL, leaseSeconds: 0 });
    const [second] = await due.claim(ALL);
    expect([first!.id, second!.id, second!.claims]).toEqual([id, id, first!.claims + 1]);
    await database.db.run(a, async () => {
      expect(await r.deliveries.delivered(first!, anAttempt)).toBe(false);
      expect(await r.deliveries.failed(first!, anAttempt, 0)).toBe(false);
      expect(await r.deliveries.dead(first!, anAttempt)).toBe(false);
      expect(await r.deliveries.failed(second!, anAttempt, 3600)).toBe(true);
      expect(await r.deliveries.get(id)).toMatchObject({ failures: 1, status: 'pending', attempts: [anAttempt] });
    });
    expect(await due.claim(ALL)).toEqual([]);
  });

  it('is sent again when somebody asks for it, from its first attempt on; what is pending is not', async () => {
    const id = await add(a);
    const [claimed] = await due.claim(ALL);
    await database.db.run(a, async () => {
      expect(await r.deliveries.replay(id)).toBe(false);
      expect(await r.deliveries.dead(claimed!, anAttempt)).toBe(true);
      expect(await r.deliveries.get(id)).toMatchObject({ status: 'dead', failures: 1 });
      expect(await r.deliveries.replay(id)).toBe(true);
      expect(await r.deliveries.get(id)).toMatchObject({ status: 'pending', failures: 0, attempts: [anAttempt] });
    });
    const [again] = await due.claim(ALL);
    await database.db.run(a, async () => {
      expect(await r.deliveries.delivered(again!, { ...anAttempt, status: 200, error: null })).toBe(true);
      expect((await r.deliveries.get(id))!.attempts.map(({ status }) => status)).toEqual([500, 200]);
    });
  });

  it('keeps the last attempts of many', async () => {
    const id = await add(a);
    for (let nth = 1; nth <= 55; nth++) {
      const [claimed] = await due.claim(ALL);
      await database.db.run(a, () => r.deliveries.failed(claimed!, { ...anAttempt, ms: nth }, 0));
    }
    const row = await database.db.run(a, () => r.deliveries.get(id));
    expect(row!.attempts.map(({ ms }) => ms)).toEqual(Array.from({ length: 50 }, (_, i) => i + 6));
    await settleAll();
  });

  it('tells once of a notice by a channel', async () => {
    const notice_id = randomUUID();
    const of = (id: string) => ({ ...aDelivery(id, channels[a]!, approvals[a]!), notice_id });
    const added = await database.db.run(a, async () => [
      await r.deliveries.add(of(randomUUID())),
      await r.deliveries.add(of(randomUUID())),
    ]);
    expect(added).toEqual([true, false]);
    await settleAll();
  });

  it('finds whom there is something to tell of, and of two who take it each gets others', async () => {
    const queue = (tenant: string, key: string) =>
      database.db.run(tenant, () => r.notices.queue({ approval_id: approvals[tenant]!, kind: 'requested', key }));
    for (const tenant of [a, b]) for (const key of ['1', '2']) expect(await queue(tenant, key)).toBe(true);
    expect(await queue(a, '1')).toBe(false);
    expect((await due.tenantsToTell()).sort()).toEqual([a, b].sort());
    await database.db.run(a, async () => {
      const [mine] = await r.notices.takeUnsent(1);
      const others = await other();
      expect(others).toHaveLength(1);
      expect(others).not.toContain(mine!.id);
      expect(await r.notices.markSent(mine!.id)).toBe(true);
      expect(await r.notices.markSent(mine!.id)).toBe(false);
    });
    for (const tenant of [a, b])
      await database.db.run(tenant, async () => {
        for (const { id } of await r.notices.takeUnsent(9)) await r.notices.markSent(id);
      });
    expect(await due.tenantsToTell()).toEqual([]);
  });

  /** What a second connection of the tenant gets. */
  const other = async (): Promise<string[]> => {
    const runner = database.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(`select set_config('app.current_tenant', $1, true)`, [a]);
      const rows = (await runner.query(
        'select id from agf_hitl_notices where sent_at is null for update skip locked',
      )) as { id: string }[];
      return rows.map(({ id }) => id);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  };

  it('has a link used once, for its approval, and not after its time', async () => {
    const [used, over] = [await add(a), await add(a)];
    const approval_id = approvals[a]!;
    await database.db.run(a, async () => {
      await r.links.add({ id: used, approval_id, expires_at: new Date(Date.now() + 60_000) });
      await r.links.add({ id: over, approval_id, expires_at: new Date(Date.now() - 1) });
      expect(await r.links.use({ id: used, approval_id: randomUUID(), used_by: 'x' })).toBe(false);
      expect(await r.links.use({ id: over, approval_id, used_by: 'x' })).toBe(false);
      expect(await r.links.use({ id: used, approval_id, used_by: 'x' })).toBe(true);
      expect(await r.links.use({ id: used, approval_id, used_by: 'y' })).toBe(false);
      expect(await r.links.get(used)).toMatchObject({ used_by: 'x' });
    });
  });

  it('goes with its channel', async () => {
    await database.db.run(a, async () => {
      expect(await r.channels.disable(channels[a]!, 'gone')).toBe(true);
      expect(await r.channels.disable(channels[a]!, 'gone')).toBe(false);
      expect(await r.channels.enabled()).toEqual([]);
      expect(await r.channels.replace(channels[a]!, aChannel(channels[a]!, 'ours'))).toBe(true);
      expect(await r.channels.get(channels[a]!)).toMatchObject({ enabled: true, disabled_by: null });
      expect(await r.channels.create(aChannel(randomUUID(), 'ours'))).toBe(false);
      expect(await r.channels.remove(channels[a]!)).toBe(true);
      expect((await r.deliveries.list()).total).toBe(0);
    });
    expect((await database.db.run(b, () => r.deliveries.list())).total).toBeGreaterThan(0);
  });
});
