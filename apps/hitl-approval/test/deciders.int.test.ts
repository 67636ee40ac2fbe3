import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, ApprovalRule, Claims } from '@aumos/agf-domain';
import {
  ApprovalsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionsRepository,
  MembersRepository,
  type NewApproval,
  TenantDb,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { Logger } from '@nestjs/common';
import { useCases } from './support/use-cases.js';

let tenant: string;
let workflow_id: string;
let database: FreshDatabase;
let source: Awaited<ReturnType<typeof createDataSource>>;
let db: TenantDb;
let app: ReturnType<typeof useCases>;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  source = await createDataSource(database.appUrl, { applicationName: 'deciders-test', poolSize: 5 });
  db = new TenantDb(source);
  app = useCases(db);
}, 120_000);
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(async () => {
  tenant = randomUUID();
  const definition = { schema: 'agf/workflow/v1' as const, name: 'flow', nodes: [], edges: [] };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await db.run(tenant, () =>
    new DefinitionsRepository(db).createWithVersion({ name: 'flow', created_by: 'dev' }, version),
  );
  workflow_id = made!.workflow.id;
});

const actor = (sub: string, over: Partial<Actor & { claims: Claims }> = {}) => ({
  ...{ sub, tenant_id: tenant, privilege_level: 5 as const, roles: ['approver' as const], claims: {} },
  ...over,
});
const RULE: ApprovalRule = {
  stages: [
    { name: 'team', approvers: ['risk'], approvals_required: 1 },
    { name: 'admin', approvers: ['role:admin'], approvals_required: 1 },
  ],
  separation_of_duties: ['publisher'],
  standing_allowed: true,
  policies: [],
};
async function pending(over: Partial<NewApproval> = {}): Promise<string> {
  const [execution_id, approval_id] = [randomUUID(), randomUUID()];
  await new ExecutionsRepository(db).accept(
    tenant,
    {
      ...{ id: execution_id, workflow_id, workflow_version: 1, input_data: null, temporal_workflow_id: execution_id },
      ...{ initiator: 'starter', initiator_level: 5, initiator_roles: [], correlation_id: execution_id },
    },
    { defaultLimit: 100 },
  );
  await db.run(tenant, () =>
    new ApprovalsRepository(db).open({
      ...{ approval_id, execution_id, workflow_id, node: 'a', visit: 1, gate_name: 'g', tool: 't', tool_version: 1 },
      ...{ arguments: {}, action_description: 'x', privilege_level: 3, approvals_required: 2, payload_hash: 'h' },
      ...{ requested_by: 'starter', expires_at: new Date(Date.now() + 3_600_000).toISOString() },
      ...{ auto_reject_on_timeout: false, escalation_policy: 'none', temporal_workflow_id: approval_id, rule: RULE },
      ...over,
    }),
  );
  return approval_id;
}
const audited = async (id: string) =>
  (await db.run(tenant, () => new AuditRepository(db).list({ resource_id: id, sort_order: 'asc' }))).items;
const notices = (id: string) =>
  db.run(tenant, (em) =>
    em.query<{ kind: string; to: unknown }[]>(
      'select kind, "to" from agf_hitl_notices where approval_id = $1 order by created_at',
      [id],
    ),
  );
const approve = (approval_id: string, who: ReturnType<typeof actor>, from = {}) =>
  app.decide.run({ actor: who, approval_id, decision: 'approve', source: { ip: '10.1.2.3', ...from } });

describe('who decides', () => {
  it('goes by groups and stages, told and audited with the rule and from where it came', async () => {
    await app.groups.put(actor('admin'), 'risk', { claims: [{ claim: 'department', value: 'risk' }] });
    const id = await pending();
    const rita = actor('rita', { claims: { department: ['risk'] } });
    await expect(approve(id, actor('rita'))).rejects.toMatchObject({ details: { reason: 'approvers' } });
    await expect(approve(id, actor('dev', { claims: rita.claims }))).rejects.toMatchObject({
      details: { reason: 'excluded' },
    });
    expect(await approve(id, rita, { client_id: 'console' })).toMatchObject({
      ...{ status: 'pending', stage: 1, excluded: ['dev'] },
      decisions: [{ actor: 'rita', rule: 'group:risk', stage: 0 }],
    });
    await expect(approve(id, actor('rita', { roles: ['admin'] }))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await approve(id, actor('boss', { roles: ['admin'] }))).toMatchObject({ status: 'approved' });
    expect(await audited(id)).toMatchObject([
      { outcome: 'denied', details: { reason: 'approvers' } },
      { outcome: 'denied', details: { reason: 'excluded' } },
      { details: { rule: 'group:risk', stage: 0, source: { ip: '10.1.2.3', client_id: 'console' } } },
      { details: { rule: 'role:admin', stage: 1, source: { ip: '10.1.2.3' } } },
    ]);
    expect(await notices(id)).toEqual([
      { kind: 'stage_reached', to: null },
      { kind: 'decided', to: { subs: ['starter'] } },
    ]);
  });

  it('follows the groups as they are: replaced, removed, each audited', async () => {
    await app.groups.put(actor('admin'), 'risk', { members: ['rita'] });
    const id = await pending();
    await app.groups.put(actor('admin'), 'risk', { members: ['tom'] });
    await expect(approve(id, actor('rita'))).rejects.toMatchObject({ details: { reason: 'approvers' } });
    await app.groups.remove(actor('admin'), 'risk');
    await expect(approve(id, actor('tom'))).rejects.toMatchObject({ details: { reason: 'approvers' } });
    await expect(app.groups.remove(actor('admin'), 'risk')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await audited('risk')).map(({ action }) => action)).toEqual([
      'approver_group.put',
      'approver_group.put',
      'approver_group.remove',
    ]);
  });

  it('may leave it to another, who must be able to decide', async () => {
    await app.groups.put(actor('admin'), 'risk', { members: ['rita'] });
    await db.run(tenant, async () => {
      const members = new MembersRepository(db);
      await members.upsert({ sub: 'viewer', roles: ['viewer'], privilege_level: 5 });
      await members.upsert({ sub: 'low', roles: ['approver'], privilege_level: 2 });
    });
    const id = await pending();
    const leave = (to: string, who = actor('rita')) => app.delegate.run(who, id, { to, notes: 'on leave' });
    for (const to of ['starter', 'dev', 'viewer', 'low'])
      await expect(leave(to)).rejects.toMatchObject({ details: { fields: [{ field: 'to' }] } });
    await expect(leave('dan', actor('tom'))).rejects.toMatchObject({ details: { reason: 'approvers' } });
    expect((await leave('dan')).delegations).toMatchObject([{ from: 'rita', to: 'dan', stage: 0, notes: 'on leave' }]);
    await expect(approve(id, actor('rita'))).rejects.toMatchObject({ details: { reason: 'delegated' } });
    expect(await approve(id, actor('dan'))).toMatchObject({ stage: 1, decisions: [{ rule: 'delegated:rita' }] });
    expect((await notices(id))[0]).toEqual({ kind: 'delegated', to: { subs: ['dan'] } });
    expect((await audited(id)).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'approval.delegate denied',
      'approval.delegate allowed',
      'approval.approve denied',
      'approval.approve allowed',
    ]);
  });

  it('may claim it, and release it; others wait, and talk', async () => {
    const id = await pending({ rule: null });
    expect(await app.claim.run(actor('ann'), id, 5)).toMatchObject({ claimed_by: 'ann' });
    await expect(approve(id, actor('bob'))).rejects.toMatchObject({ code: 'CONFLICT', details: { claimed_by: 'ann' } });
    await expect(app.claim.run(actor('bob'), id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(app.claim.run(actor('starter'), id)).rejects.toMatchObject({ details: { reason: 'requester' } });
    await expect(app.release.run(actor('bob'), id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await app.release.run(actor('boss', { roles: ['admin'] }), id)).toMatchObject({ claimed_by: null });
    await expect(app.release.run(actor('ann'), id)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    expect(await approve(id, actor('bob'))).toMatchObject({ status: 'pending' });
    await app.comment.run(actor('starter', { roles: [] }), id, 'please');
    const page = { page: 1, page_size: 20, sort_order: 'desc' as const };
    expect((await app.listComments.run(tenant, id, page)).items).toMatchObject([{ actor: 'starter', text: 'please' }]);
    await expect(app.listComments.run(randomUUID(), id, page)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
