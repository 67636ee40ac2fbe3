import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApprovalsRepository, AuditRepository, MembersRepository, TenantsRepository } from '@aumos/agf-persistence';
import { eventually } from '@aumos/agf-testing';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

let app: ListeningApprovals;
beforeAll(async () => {
  app = await startApprovals();
}, 120_000);
afterAll(() => app.close());

const member = (tenant: string, sub: string) =>
  app.db.run(tenant, () => new MembersRepository(app.db).upsert({ sub, roles: ['approver'], privilege_level: 4 }));
const leaves = (tenant: string, sub: string) => app.db.run(tenant, () => new MembersRepository(app.db).remove(sub));
const complete = (tenant: string) => app.db.run(tenant, () => new TenantsRepository(app.db).declareMembers(true));
const since = (tenant: string, id: string) =>
  app.db.run(tenant, async () => (await new ApprovalsRepository(app.db).get(id))!.unfulfillable_since);
const settled = (tenant: string) =>
  eventually(async () => {
    const count = await app.db.run(tenant, (em) => em.query<unknown[]>('select 1 from agf_hitl_people_changes'));
    return count.length === 0;
  }, 'what changed to be judged');
const told = (tenant: string, id: string) =>
  app.db.run(tenant, (em) =>
    em.query<object[]>(
      `select "to" from agf_hitl_notices where approval_id = $1 and kind = 'unfulfillable' order by created_at`,
      [id],
    ),
  );

describe('what a change of people makes of a pending approval', () => {
  it('raises it to the admins once each time that nobody can give it any more', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    for (const one of [tenant, other]) {
      await complete(one);
      await member(one, 'ann');
    }
    const [id, theirs] = [await app.ask(tenant), await app.ask(other)];
    await settled(tenant);
    expect(await since(tenant, id)).toBeNull();
    await leaves(tenant, 'ann');
    await settled(tenant);
    expect(await since(tenant, id)).toBeInstanceOf(Date);
    await member(tenant, 'starter');
    await settled(tenant);
    await member(tenant, 'bob');
    await settled(tenant);
    expect(await since(tenant, id)).toBeNull();
    expect(await told(tenant, id)).toEqual([{ to: { roles: ['admin'] } }]);
    await leaves(tenant, 'bob');
    await settled(tenant);
    expect(await told(tenant, id)).toHaveLength(2);
    const { items } = await app.db.run(tenant, () =>
      new AuditRepository(app.db).list({ resource_id: id, sort_order: 'asc' }),
    );
    const actions = items.map(({ action }) => action);
    expect(actions.filter((one) => one === 'approval.unfulfillable')).toHaveLength(2);
    expect(actions.at(-1)).toBe('approval.unfulfillable');
    await settled(other);
    expect(await since(other, theirs)).toBeNull();
    expect(await told(other, theirs)).toEqual([]);
  }, 60_000);

  it('is judged when it opens, and by its groups where the members are not all', async () => {
    const tenant = randomUUID();
    const stages = [{ name: 'team', approvers: ['risk'], approvals_required: 1 }];
    const rule = { stages, separation_of_duties: [], standing_allowed: false, policies: [] };
    const [id, open] = [await app.ask(tenant, { rule }), await app.ask(tenant)];
    await settled(tenant);
    expect(await since(tenant, id)).toBeInstanceOf(Date);
    expect(await since(tenant, open)).toBeNull();
    expect((await app.call(tenant, 'PUT', '/groups/risk', { body: { members: ['rita'] } })).status).toBe(200);
    await settled(tenant);
    expect(await since(tenant, id)).toBeNull();
    expect((await app.call(tenant, 'DELETE', '/groups/risk')).status).toBe(204);
    await settled(tenant);
    expect(await told(tenant, id)).toHaveLength(2);
  }, 60_000);

  it('is found of many in short transactions', async () => {
    const tenant = randomUUID();
    await complete(tenant);
    await member(tenant, 'ann');
    const id = await app.ask(tenant);
    await app.db.run(tenant, async (em) => {
      const [columns] = await em.query<{ own: string; of: string }[]>(
        `select string_agg(column_name, ', ') as own, string_agg('c.' || column_name, ', ') as of
         from information_schema.columns where table_name = 'agf_hitl_approvals' and is_generated = 'NEVER'`,
      );
      await em.query(
        `insert into agf_hitl_approvals (${columns!.own}) select ${columns!.of}
         from agf_hitl_approvals a, generate_series(2, 1000) n,
           jsonb_populate_record(a, jsonb_build_object(
             'id', gen_random_uuid(), 'visit', n, 'temporal_workflow_id', n::text)) c
         where a.id = $1`,
        [id],
      );
    });
    await settled(tenant);
    await leaves(tenant, 'ann');
    await settled(tenant);
    const [row] = await app.db.run(tenant, (em) =>
      em.query<{ found: string; notices: string }[]>(
        `select (select count(*) from agf_hitl_approvals where unfulfillable_since is not null) as found,
           (select count(distinct approval_id) from agf_hitl_notices where kind = 'unfulfillable') as notices`,
      ),
    );
    expect(row).toEqual({ found: '1000', notices: '1000' });
  }, 60_000);
});
