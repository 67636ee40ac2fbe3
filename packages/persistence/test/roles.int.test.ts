import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApprovalsRepository,
  CommandsRepository,
  assertUnprivileged,
  createDataSource,
  ExecutionsRepository,
  OutboxRepository,
  SweepRepository,
} from '../src/index.js';
import { ALL_TENANT_TABLES } from '../src/migrations/tenant-tables.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { newEvent } from './support/events.js';
import { aRunningExecution, anExecution, newApproval } from './support/rows.js';

const FUTURE = new Date(Date.now() + 3_600_000);

describe('the roles', () => {
  const database = useDatabase();
  const [a, b] = [tenantA(), tenantB()];
  const as = <T>(url: string, text: string, values: unknown[] = []): Promise<T[]> =>
    withAdmin(url, async (client) => (await client.query(text, values)).rows as T[]);

  beforeAll(async () => {
    for (const tenant of [a, b])
      await database.db.run(tenant, () => new OutboxRepository(database.db).appendEvent(newEvent(tenant)));
  });

  describe('the relay', () => {
    const relay = <T>(text: string, values?: unknown[]) => as<T>(database.relayUrl, text, values);

    it('reads what is unpublished, of every tenant', async () => {
      const rows = await relay<{ tenant_id: string }>('select tenant_id from agf_outbox');
      expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set([a, b]));
    });

    it('marks, with the clock of the database, and does not see it any more', async () => {
      const event = newEvent(a);
      await database.db.run(a, () => new OutboxRepository(database.db).appendEvent(event));
      await withAdmin(database.relayUrl, async (client) => {
        await client.query('begin');
        const text = `update agf_outbox set published_at = '2000-01-01', failed_attempts = 1, last_error = 'x' where id = $1
          returning published_at > now() - interval '1 minute' as ours`;
        const { rows } = await client.query(text, [event.event_id]);
        await client.query('commit');
        expect(rows).toEqual([{ ours: true }]);
        const after = await client.query('select 1 from agf_outbox where id = $1', [event.event_id]);
        expect(after.rowCount).toBe(0);
        const again = await client.query('update agf_outbox set last_error = null where id = $1', [event.event_id]);
        expect(again.rowCount).toBe(0);
      });
    });

    it('deletes what was published long ago, and nothing else', async () => {
      const event = newEvent(a);
      await database.db.run(a, () => new OutboxRepository(database.db).appendEvent(event));
      await as(
        database.adminUrl,
        `set session_replication_role = replica; update agf_outbox set published_at = now() - interval '8 days' where id = '${event.event_id}'`,
      );
      const left = (): Promise<unknown[]> => as(database.adminUrl, 'select id from agf_outbox');
      const before = (await left()).length;
      await relay('delete from agf_outbox');
      expect((await left()).length).toBe(before - 1);
    });

    it.each([
      [`insert into agf_outbox (tenant_id) values ('${a}')`],
      [`update agf_outbox set data = '{}'`],
      [`update agf_outbox set tenant_id = '${b}'`],
      [`select agf_append_event('${a}', '${a}', 'x', 'x', 'x', 'x', 'x', now(), '{}', null)`],
      ['create table mine (id int)'],
      ['create temp table mine (id int)'],
      ['truncate agf_outbox'],
    ])('may not %s', async (statement) => {
      await expect(relay(statement)).rejects.toThrow(/permission denied/);
    });

    it.each(ALL_TENANT_TABLES.filter((table) => table !== 'agf_outbox'))('may not read %s', async (table) => {
      await expect(relay(`select 1 from ${table}`)).rejects.toThrow(/permission denied/);
    });
  });

  describe('the sweeper', () => {
    const sweeper = <T>(text: string) => as<T>(database.sweeperUrl, text);

    it('finds pending executions, cancels to deliver and decisions to tell, of every tenant, and no others', async () => {
      const { db } = database;
      const executions = new ExecutionsRepository(db);
      const approvals = new ApprovalsRepository(db);
      const commands = new CommandsRepository(db);
      const pending = { a: await anExecution(db, a), b: await anExecution(db, b) };
      const running = await aRunningExecution(db, a);
      const cancelling = await aRunningExecution(db, b);
      await db.run(b, () => executions.requestCancel(cancelling, 'dev'));
      const told = { a: await aRunningExecution(db, a), b: await aRunningExecution(db, b) };
      await db.run(a, () => commands.setPaused(told.a, true, 'dev'));
      await db.run(a, () => commands.setPaused(told.a, false, 'dev'));
      await db.run(b, async () => {
        await commands.setPaused(told.b, true, 'dev');
        await commands.markDelivered((await commands.next(told.b))!);
      });
      const [open, decided, taken] = [newApproval(running), newApproval(running), newApproval(running)];
      await db.run(a, async () => {
        for (const one of [open, decided, taken]) await approvals.open(one);
        for (const { approval_id } of [decided, taken])
          await approvals.decide({ approval_id, actor: 'boss', decision: 'approve' });
        await approvals.takeDecision(taken.approval_id);
      });

      const dataSource = await createDataSource(database.sweeperUrl, { applicationName: 'sweep', poolSize: 1 });
      try {
        const sweep = new SweepRepository(dataSource);
        expect((await sweep.pendingExecutions(FUTURE)).map(({ tenant_id, id }) => [tenant_id, id])).toEqual([
          [a, pending.a],
          [b, pending.b],
        ]);
        expect(await sweep.pendingExecutions(new Date(0))).toEqual([]);
        expect(await sweep.undeliveredCancels(FUTURE)).toMatchObject([{ tenant_id: b, id: cancelling }]);
        expect(await sweep.undeliveredCommands(FUTURE)).toEqual([{ tenant_id: a, id: told.a }]);
        expect(await sweep.undeliveredCommands(new Date(0))).toEqual([]);
        const { approval_id: id, temporal_workflow_id } = decided;
        expect(await sweep.untakenDecisions(FUTURE)).toMatchObject([{ tenant_id: a, id, temporal_workflow_id }]);
      } finally {
        await dataSource.destroy();
      }
      await db.run(b, () => executions.markCancelDelivered(cancelling));
      expect(await sweeper(`select 1 from agf_workflow_executions where id = '${cancelling}'`)).toEqual([]);
    });

    it.each([
      ['select input_data from agf_workflow_executions'],
      ['select initiator from agf_workflow_executions'],
      ['select arguments from agf_hitl_approvals'],
      ['select * from agf_hitl_approvals'],
      ['select payload from agf_execution_commands'],
      ['select reason from agf_circuit_breakers'],
      ['select circuit_key from agf_circuit_breaker_transitions'],
      ['select reason from agf_breaker_isolations'],
      ['delete from agf_breaker_isolations'],
      ['select id from agf_execution_commands'],
      ['select name from agf_execution_commands'],
      ['update agf_execution_commands set delivered_at = now()'],
      [`update agf_workflow_executions set status = 'failed'`],
      ['delete from agf_workflow_executions'],
      ['select 1 from agf_outbox'],
      ['select 1 from agf_secrets'],
      ['select 1 from agf_migrations'],
    ])('may not %s', async (statement) => {
      await expect(sweeper(statement)).rejects.toThrow(/permission denied/);
    });
  });

  describe('the application', () => {
    const app = (statement: string) => database.db.run(a, (em) => em.query(statement));

    it.each([
      [`update agf_audit_log set action = 'x'`],
      ['delete from agf_audit_log'],
      ['update agf_outbox set published_at = now()'],
      ['delete from agf_outbox'],
      ['truncate agf_members'],
      ['alter table agf_members no force row level security'],
      ['create table mine (id int)'],
      ['select 1 from agf_migrations'],
      ['set role agf_owner'],
      ['set role agf_relay'],
      ['set row_security = off; select 1 from agf_members'],
    ])('may not %s', async (statement) => {
      await expect(app(statement)).rejects.toThrow(/permission denied|must be owner|affected by row-level security/);
    });
  });

  it('keeps what is forced from the owner as well', async () => {
    expect(await as(database.ownerUrl, 'select 1 from agf_outbox')).toEqual([]);
  });

  it('lets nobody else connect', async () => {
    const role = `stranger_${randomUUID().slice(0, 8)}`;
    await as(database.adminUrl, `create role ${role} login password 'x'`);
    const url = new URL(database.appUrl);
    url.username = role;
    url.password = 'x';
    await expect(as(url.href, 'select 1')).rejects.toThrow(/permission denied for database/);
    await as(database.adminUrl, `drop role ${role}`);
  });

  describe('assertUnprivileged', () => {
    const start = async (url: string): Promise<void> => {
      const dataSource = await createDataSource(url, { applicationName: 'start', poolSize: 1 });
      await assertUnprivileged(dataSource).finally(() => dataSource.destroy());
    };

    it('lets the services start', async () => {
      for (const url of [database.appUrl, database.relayUrl, database.sweeperUrl]) await start(url);
    });

    it('refuses owner and superuser', async () => {
      await expect(start(database.ownerUrl)).rejects.toThrow(/is_owner/);
      await expect(start(database.adminUrl)).rejects.toThrow(/bypasses/);
    });

    it('refuses who may bypass, or become somebody who may', async () => {
      const role = `bypass_${randomUUID().slice(0, 8)}`;
      const member = `member_${randomUUID().slice(0, 8)}`;
      await as(
        database.adminUrl,
        `create role ${role} login password 'x' bypassrls; create role ${member} login password 'x' in role ${role};
         grant connect on database ${database.name} to ${role}, ${member}`,
      );
      const url = (user: string): string =>
        Object.assign(new URL(database.appUrl), { username: user, password: 'x' }).href;
      try {
        await expect(start(url(role))).rejects.toThrow(/bypasses/);
        await expect(start(url(member))).rejects.toThrow(/may_become/);
      } finally {
        await as(
          database.adminUrl,
          `revoke connect on database ${database.name} from ${role}, ${member}; drop role ${role}, ${member}`,
        );
      }
    });
  });
});
