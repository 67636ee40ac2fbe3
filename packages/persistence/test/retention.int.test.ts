import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import type { DataSource } from 'typeorm';
import {
  ApprovalChangeEntity,
  ApprovalsRepository,
  ArtifactsRepository,
  CallStatisticsEntity,
  ChannelsRepository,
  createDataSource,
  DecisionLinkEntity,
  DecisionLinksRepository,
  DeliveriesRepository,
  DeliveryEntity,
  IdempotencyKeyEntity,
  IdempotencyRepository,
  InboxEntity,
  InboxRepository,
  NoticeEntity,
  NoticesRepository,
  RetentionRepository,
  type TenantDb,
} from '../src/index.js';
import { ALL_TENANT_TABLES } from '../src/migrations/tenant-tables.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { aChannel, aDelivery } from './support/channels.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution, newApproval } from './support/rows.js';

const META = { name: 'n', content_type: 'c', created_by: 'dev' };
const READABLE = [
  'agf_workflow_executions',
  'agf_hitl_approvals',
  'agf_idempotency_keys',
  'agf_inbox',
  'agf_artifacts',
  'agf_payloads',
  'agf_execution_commands',
  'agf_circuit_breakers',
  'agf_breaker_isolations',
  'agf_call_statistics',
  'agf_hitl_notices',
  'agf_hitl_deliveries',
  'agf_hitl_people_changes',
  'agf_hitl_links',
  'agf_hitl_approval_changes',
] as const;
const DELETABLE: readonly string[] = [
  'agf_idempotency_keys',
  'agf_inbox',
  'agf_call_statistics',
  'agf_hitl_notices',
  'agf_hitl_deliveries',
  'agf_hitl_links',
  'agf_hitl_approval_changes',
];
/** Where they say how long ago is old. */
const SAID = ['inbox', 'statistics', 'notices', 'approval_changes'].map((what) => `app.${what}_retention_days`);

describe('what is too old', () => {
  const database = useDatabase();
  const [a, b] = [tenantA(), tenantB()];
  let dataSource: DataSource;
  let retention: RetentionRepository;
  beforeAll(async () => {
    dataSource = await createDataSource(database.sweeperUrl, { applicationName: 'retention', poolSize: 2 });
    retention = new RetentionRepository(dataSource);
  });
  afterAll(() => dataSource.destroy());

  const as = <T>(url: string, text: string): Promise<T[]> =>
    withAdmin(url, async (client) => (await client.query(text)).rows as T[]);
  const sweeper = (text: string): Promise<unknown[]> => as(database.sweeperUrl, text);
  /** Time passes for rows: nobody but a superuser could say so. */
  const backdate = (table: string, column: string, days: number, where: string): Promise<unknown[]> =>
    as(
      database.adminUrl,
      `set session_replication_role = replica;
       update ${table} set ${column} = now() - interval '${String(days)} days' where ${where}`,
    );

  describe('idempotency keys', () => {
    const claim = (key: string, ttl_seconds: number) => ({
      scope: 's',
      key,
      body_hash: 'b',
      resource_id: randomUUID(),
      ttl_seconds,
    });
    const keysOf = (tenant: string): Promise<string[]> =>
      database.db.run(tenant, async (em) => (await em.find(IdempotencyKeyEntity)).map(({ key }) => key).sort());

    it('go when their time is over, of every tenant, and no others', async () => {
      const keys = new IdempotencyRepository(database.db);
      for (const tenant of [a, b])
        await database.db.run(tenant, async () => {
          await keys.claim(claim('over', -1));
          await keys.claim(claim('held', 3600));
        });
      expect(await sweeper('select tenant_id, id from agf_idempotency_keys')).toHaveLength(2);
      expect(await retention.deleteExpiredKeys()).toBe(2);
      expect(await retention.deleteExpiredKeys()).toBe(0);
      expect([await keysOf(a), await keysOf(b)]).toEqual([['held'], ['held']]);
    });

    it('stay when they are claimed anew just then', async () => {
      const keys = new IdempotencyRepository(database.db);
      const tenant = tenantA();
      await database.db.run(tenant, () => keys.claim(claim('again', -1)));
      let deleting: Promise<number> | undefined;
      await database.db.run(tenant, async () => {
        expect(await keys.claim(claim('again', 3600))).toEqual({ kind: 'new' });
        // Sees the row of before, and waits for it.
        deleting = retention.deleteExpiredKeys();
        await waitsForRow();
      });
      expect(await deleting).toBe(0);
      expect(await keysOf(tenant)).toEqual(['again']);
    });

    it('go in batches, however many there are, until told to stop', async () => {
      const tenant = tenantA();
      await database.db.run(tenant, (em) =>
        em.query(
          `insert into agf_idempotency_keys (tenant_id, scope, key, body_hash, resource_id, expires_at)
           select $1, 's', 'k' || n, 'b', gen_random_uuid(), now() - interval '1 day' from generate_series(1, 12000) n`,
          [tenant],
        ),
      );
      expect(await retention.deleteExpiredKeys(AbortSignal.abort())).toBe(0);
      const [one, other] = await Promise.all([retention.deleteExpiredKeys(), retention.deleteExpiredKeys()]);
      // Of two at once each deletes what the other has not.
      expect(one + other + (await retention.deleteExpiredKeys())).toBe(12_000);
    });
  });

  describe('the inbox', () => {
    const take = async (tenant: string, days: number): Promise<void> => {
      const event_id = randomUUID();
      const event = { event_id, event_type: 'x', aggregate_key: 'k', aggregate_version: days };
      await database.db.run(tenant, () => new InboxRepository(database.db).take('g', event));
      await backdate('agf_inbox', 'created_at', days, `event_id = '${event_id}'`);
    };
    const ages = (tenant: string): Promise<number[]> =>
      database.db.run(tenant, async (em) =>
        (await em.find(InboxEntity)).map((row) => row.aggregate_version as number).sort((x, y) => x - y),
      );

    it('forgets what was handled longer ago, of every tenant, but never the week that topics keep', async () => {
      for (const tenant of [a, b]) for (const days of [0, 7, 9, 32]) await take(tenant, days);
      expect(await retention.deleteHandledEvents(31)).toBe(2);
      expect([await ages(a), await ages(b)]).toEqual([
        [0, 7, 9],
        [0, 7, 9],
      ]);
      expect(await retention.deleteHandledEvents(1)).toBe(2);
      expect([await ages(a), await ages(b)]).toEqual([
        [0, 7],
        [0, 7],
      ]);
    });
  });

  describe('statistics', () => {
    it('go when their hour is long ago, of every tenant, but never within the month that is told of', async () => {
      const hours = (tenant: string): Promise<number> =>
        database.db.run(tenant, (em) => em.count(CallStatisticsEntity));
      for (const tenant of [a, b])
        await database.db.run(tenant, (em) =>
          em.query(
            `insert into agf_call_statistics (tenant_id, circuit_key, hour)
             select $1, 'workflow:x', now() - make_interval(days => days) from unnest($2::int[]) days`,
            [tenant, [0, 31, 33, 91]],
          ),
        );
      expect(await retention.deleteOldStatistics(90)).toBe(2);
      expect([await hours(a), await hours(b)]).toEqual([3, 3]);
      expect(await retention.deleteOldStatistics(1)).toBe(2);
      expect([await hours(a), await hours(b)]).toEqual([2, 2]);
    });
  });

  describe('what people were told', () => {
    const db = (): TenantDb => database.db;
    const DAYS = [0, 31, 33, 91];
    /** One of each for every age; a delivery with a link, one without. */
    const tell = async (tenant: string): Promise<void> => {
      const [approvals, notices, links] = [
        new ApprovalsRepository(db()),
        new NoticesRepository(db()),
        new DecisionLinksRepository(db()),
      ];
      const [channels, deliveries] = [new ChannelsRepository(db()), new DeliveriesRepository(db())];
      const approval = newApproval(await aRunningExecution(db(), tenant));
      const { approval_id } = approval;
      const channel = randomUUID();
      await db().run(tenant, async () => {
        await approvals.open(approval);
        await channels.create(aChannel(channel, 'told'));
        await notices.queue({ approval_id, kind: 'requested', key: 'unsent' });
        await deliveries.add(aDelivery(randomUUID(), channel, approval_id));
      });
      await backdate('agf_hitl_notices', 'created_at', 91, `tenant_id = '${tenant}'`);
      await backdate('agf_hitl_deliveries', 'updated_at', 91, `tenant_id = '${tenant}'`);
      for (const days of DAYS) {
        const [linked, alone] = [randomUUID(), randomUUID()];
        await db().run(tenant, async (em) => {
          await notices.queue({ approval_id, kind: 'requested', key: String(days) });
          for (const id of [linked, alone]) await deliveries.add(aDelivery(id, channel, approval_id));
          await links.add({ id: linked, approval_id, expires_at: new Date() });
          await em.query(`update agf_hitl_deliveries set status = 'delivered' where id = any($1::uuid[])`, [
            [linked, alone],
          ]);
        });
        await backdate('agf_hitl_notices', 'sent_at', days, `tenant_id = '${tenant}' and key = '${String(days)}'`);
        await backdate('agf_hitl_deliveries', 'updated_at', 91, `id = '${linked}'`);
        await backdate('agf_hitl_deliveries', 'updated_at', days, `id = '${alone}'`);
        await backdate('agf_hitl_links', 'expires_at', days, `id = '${linked}'`);
      }
    };
    const left = (tenant: string): Promise<number[]> =>
      db().run(tenant, (em) =>
        Promise.all([NoticeEntity, DecisionLinkEntity, DeliveryEntity].map((entity) => em.count<object>(entity))),
      );

    it('goes when it is long ago, of every tenant: not what is still to be told, nor a delivery before its link', async () => {
      for (const tenant of [a, b]) await tell(tenant);
      expect(await left(a)).toEqual([5, 4, 9]);
      // A notice, a link, its delivery, and one without: of each tenant.
      expect(await retention.deleteOldNotices(90)).toBe(2 * 4);
      expect([await left(a), await left(b)]).toEqual([
        [4, 3, 7],
        [4, 3, 7],
      ]);
      // Never within the month.
      expect(await retention.deleteOldNotices(1)).toBe(2 * 4);
      expect(await retention.deleteOldNotices(1)).toBe(0);
      expect([await left(a), await left(b)]).toEqual([
        [3, 2, 5],
        [3, 2, 5],
      ]);
    });

    it('are changes of approvals as well, but never of the week in which followers come back', async () => {
      const changes = (tenant: string): Promise<number> => db().run(tenant, (em) => em.count(ApprovalChangeEntity));
      const before = await changes(a);
      for (const tenant of [a, b])
        await db().run(tenant, (em) =>
          em.query(
            `insert into agf_hitl_approval_changes (tenant_id, created_at, approval_id, kind, status, stage)
             select $1, now() - make_interval(days => days), gen_random_uuid(), 'changed', 'pending', 0
             from unnest($2::int[]) days`,
            [tenant, [0, 7, 9, 15]],
          ),
        );
      expect(await retention.deleteOldApprovalChanges(14)).toBe(2);
      expect(await retention.deleteOldApprovalChanges(1)).toBe(2);
      expect([await changes(a), await changes(b)]).toEqual([before + 2, before + 2]);
    });
  });

  describe('incomplete artifacts', () => {
    it('are found by their age, of every tenant; complete ones are not', async () => {
      const artifacts = new ArtifactsRepository(database.db);
      const made: string[] = [];
      for (const tenant of [a, b])
        await database.db.run(tenant, async () => {
          made.push(await artifacts.create(META));
          await artifacts.create(META);
          await artifacts.complete(await artifacts.create(META), { size: 0, sha256: 's' });
        });
      const old = made.map((id) => `'${id}'`).join();
      await backdate('agf_artifacts', 'updated_at', 2, `id in (${old}) or complete`);
      const dayAgo = new Date(Date.now() - 86_400_000);
      const found = await retention.incompleteArtifacts(dayAgo);
      expect(new Set(found.map(({ tenant_id, id }) => `${tenant_id} ${id}`))).toEqual(
        new Set([`${a} ${made[0]!}`, `${b} ${made[1]!}`]),
      );
      expect(await retention.incompleteArtifacts(dayAgo, 1)).toHaveLength(1);
      expect(await sweeper('select id from agf_artifacts where complete')).toEqual([]);
    });
  });

  describe('is all that the sweeper can reach', () => {
    it.each([
      ['select key from agf_idempotency_keys'],
      ['select body_hash from agf_idempotency_keys'],
      ['select event_type from agf_inbox'],
      ['select name from agf_artifacts'],
      ['select sha256 from agf_artifacts'],
      ['delete from agf_artifacts'],
      ['update agf_artifacts set complete = true'],
      ['update agf_idempotency_keys set expires_at = now()'],
      ['update agf_inbox set created_at = now()'],
      ['truncate agf_inbox'],
      ['delete from agf_inbox returning event_id'],
      ['select reason from agf_breaker_isolations'],
      ['select isolated_by from agf_breaker_isolations'],
      ['delete from agf_breaker_isolations'],
      ['select failure_count from agf_circuit_breakers'],
      [`update agf_circuit_breakers set state = 'closed'`],
      ['select key from agf_hitl_notices'],
      ['update agf_hitl_notices set sent_at = now()'],
      ['select message from agf_hitl_deliveries'],
      ['select approval_id from agf_hitl_links'],
      ['select used_by from agf_hitl_links'],
      [`update agf_hitl_links set expires_at = now()`],
      ['select approval_id from agf_hitl_approval_changes'],
      ['select approval_id from agf_hitl_people_changes'],
      [`update agf_hitl_deliveries set status = 'dead'`],
      [`update agf_hitl_deliveries set message = '{}'`],
    ])('may not %s', async (statement) => {
      await expect(sweeper(statement)).rejects.toThrow(/permission denied/);
    });

    it.each(ALL_TENANT_TABLES.filter((table) => !READABLE.some((one) => one === table)))(
      'may not read %s',
      async (table) => {
        await expect(sweeper(`select 1 from ${table}`)).rejects.toThrow(/permission denied/);
      },
    );

    it.each(ALL_TENANT_TABLES.filter((table) => !DELETABLE.includes(table)))(
      'may not delete from %s',
      async (table) => {
        await expect(sweeper(`delete from ${table}`)).rejects.toThrow(/permission denied/);
      },
    );

    it.each(ALL_TENANT_TABLES)('may not write to %s', async (table) => {
      await expect(sweeper(`insert into ${table} (tenant_id) values ('${a}')`)).rejects.toThrow(/permission denied/);
      await expect(sweeper(`update ${table} set tenant_id = '${a}'`)).rejects.toThrow(/permission denied/);
    });

    it.each(DELETABLE)('deletes from %s only what is too old, whatever it says', async (table) => {
      const count = async (): Promise<string> =>
        (await as<{ n: string }>(database.adminUrl, `select count(*) as n from ${table}`))[0]!.n;
      const saying = (days: number): string => SAID.map((name) => `set ${name} = '${String(days)}';`).join(' ');
      await sweeper(`${saying(0)} delete from ${table}`);
      const before = await count();
      expect(Number(before)).toBeGreaterThan(0);
      await sweeper(`${saying(-100)} delete from ${table}`);
      await sweeper(`set app.current_tenant = '${a}'; delete from ${table}`);
      expect(await count()).toBe(before);
    });
  });

  /** Until a statement of the sweeper waits for a lock. */
  async function waitsForRow(): Promise<void> {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and usename = 'agf_sweeper' and wait_event_type = 'Lock'`;
    await eventually(async () => (await as(database.adminUrl, waiting)).length > 0, 'the sweeper to wait');
  }
});
