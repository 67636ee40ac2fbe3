import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, ApprovalRule, JsonObject } from '@aumos/agf-domain';
import type { ApprovalStart } from '@aumos/agf-engine/common';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionsRepository,
  MembersRepository,
  TenantDb,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { Logger } from '@nestjs/common';
import { useCases } from './support/use-cases.js';

const FIFTY = Array.from({ length: 50 }, (_, i) => i);
const CONDITION = `arguments.table == 'cars' && node == 'a' && workflow == 'flow'`;
let tenant: string;
let database: FreshDatabase;
let source: Awaited<ReturnType<typeof createDataSource>>;
let db: TenantDb;
let app: ReturnType<typeof useCases>;
let workflow_id: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  source = await createDataSource(database.appUrl, { applicationName: 'standing-test', poolSize: 20 });
  db = new TenantDb(source);
  app = useCases(db);
}, 120_000);
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(async () => {
  tenant = randomUUID();
  workflow_id = await published(tenant);
});

async function published(of: string): Promise<string> {
  const nodes = [{ id: 'a', type: 'transform' as const, set: {} }];
  const edges = [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ];
  const definition = { schema: 'agf/workflow/v1' as const, name: 'flow', nodes, edges };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await db.run(of, () =>
    new DefinitionsRepository(db).createWithVersion({ name: 'flow', created_by: 'dev' }, version),
  );
  return made!.workflow.id;
}

const actor = (sub: string, over: Partial<Actor> = {}): Actor => ({
  ...{ sub, tenant_id: tenant, privilege_level: 5, roles: ['approver'] },
  ...over,
});
const hence = (ms: number): string => new Date(Date.now() + ms).toISOString();
const stand = (over: object = {}, who = actor('boss')) =>
  app.createStanding.run(who, {
    ...{ tool: 'load', condition: CONDITION, reason: 'cars may be loaded today', max_uses: 5 },
    ...{ expires_at: hence(3_600_000), ...over },
  });
const rule = (over: Partial<ApprovalRule> = {}): ApprovalRule => ({
  stages: [{ name: 'all', approvers: [], approvals_required: 1 }],
  separation_of_duties: [],
  standing_allowed: true,
  policies: [],
  ...over,
});

async function anExecution(initiator: string): Promise<string> {
  const id = randomUUID();
  await new ExecutionsRepository(db).accept(
    tenant,
    {
      ...{ id, workflow_id, workflow_version: 1, input_data: null, temporal_workflow_id: `t/${id}`, initiator },
      ...{ initiator_level: 5, initiator_roles: [], correlation_id: id },
    },
    { defaultLimit: 1_000 },
  );
  return id;
}
/** A call that people are asked about, as its workflow asks. */
async function start(over: Partial<ApprovalStart> = {}): Promise<ApprovalStart> {
  const requested_by = over.requested_by ?? 'starter';
  return {
    ...{ approval_id: randomUUID(), tenant_id: tenant, execution_id: await anExecution(requested_by), workflow_id },
    ...{ node: 'a', visit: 1, gate_name: 'g', privilege_level: 3, approvals_required: 1 },
    ...{ escalation_policy: 'notify_admin', auto_reject_on_timeout: true, tool: 'load', tool_version: 1 },
    ...{ arguments: { table: 'cars' }, action_description: 'x', payload_hash: 'hash', notify: 'n' },
    ...{ requested_at: hence(0), expires_at: hence(3_600_000), requested_by, rule: rule(), ...over },
  };
}
async function asked(over: Partial<ApprovalStart> = {}): Promise<ApprovalEntity> {
  const one = await start(over);
  await app.open.run(one);
  return (await db.run(tenant, () => new ApprovalsRepository(db).get(one.approval_id)))!;
}
const usesOf = async (id: string): Promise<number> => (await app.listStanding.one(tenant, id)).uses;
const query = <T>(text: string, values: unknown[]): Promise<T[]> => db.run(tenant, (em) => em.query<T[]>(text, values));

describe('a standing approval', () => {
  it("decides at once, as its author's decision: row, vote, events, audit, and what is told", async () => {
    const { id } = await stand();
    const row = await asked();
    expect(row).toMatchObject({
      ...{ status: 'approved', decided_by: 'boss', standing_id: id, decision_notes: 'cars may be loaded today' },
      ...{ payload_hash: 'hash', workflow_name: 'flow' },
    });
    const approvals = new ApprovalsRepository(db);
    expect(await db.run(tenant, () => approvals.decisionsOf(row.id))).toMatchObject([
      { actor: 'boss', decision: 'approve', rule: `standing:${id}`, stage: 0 },
    ]);
    const told = await query<{ event_type: string; data: JsonObject }>(
      'select event_type, data from agf_outbox where aggregate_id = $1 order by created_at',
      [row.id],
    );
    expect(told).toMatchObject([
      { event_type: 'agf.hitl.approval_requested' },
      { event_type: 'agf.hitl.approved', data: { decided_by: 'boss', decision: 'approve' } },
    ]);
    const { items } = await db.run(tenant, () => new AuditRepository(db).list({ resource_id: row.id }));
    expect(items).toMatchObject([
      {
        ...{ action: 'approval.approve', actor_id: 'boss', outcome: 'allowed' },
        details: { payload_hash: 'hash', rule: `standing:${id}`, standing_id: id },
      },
    ]);
    expect(await query('select kind from agf_hitl_notices where approval_id = $1', [row.id])).toEqual([
      { kind: 'decided' },
    ]);
    const call = { approval_id: row.id, payload_hash: 'hash', effect_key: 'e' };
    expect(await db.run(tenant, () => approvals.consume({ ...call, payload_hash: 'other' }))).toBe('refused');
    expect(await db.run(tenant, () => approvals.consume(call))).toBe('consumed');
    expect(await db.run(tenant, () => approvals.consume({ ...call, effect_key: 'again' }))).toBe('refused');
    expect(await usesOf(id)).toBe(1);
  });

  it('counts a call once that is asked about again', async () => {
    const { id } = await stand();
    const one = await start();
    await Promise.all([app.open.run(one), app.open.run(one), app.open.run(one)]);
    await app.open.run(one);
    expect(await usesOf(id)).toBe(1);
    const told = await query('select 1 from agf_outbox where aggregate_id = $1', [one.approval_id]);
    expect(told).toHaveLength(2);
  });

  it('decides on exactly so many of fifty at once', async () => {
    const { id } = await stand({ max_uses: 7 });
    const starts = await Promise.all(FIFTY.map(() => start()));
    await Promise.all(starts.map((one) => app.open.run(one)));
    const rows = await query<{ status: string; n: number }>(
      'select status, count(*)::int as n from agf_hitl_approvals group by status order by status',
      [],
    );
    expect(rows).toEqual([
      { status: 'approved', n: 7 },
      { status: 'pending', n: 43 },
    ]);
    expect(await usesOf(id)).toBe(7);
  }, 60_000);

  it.each<[string, Partial<ApprovalStart>]>([
    ['other arguments', { arguments: { table: 'boats' } }],
    ['arguments that its condition fails on', { arguments: {} }],
    ['another tool', { tool: 'drop' }],
    ['another node', { node: 'b' }],
    ['level 4', { privilege_level: 4 }],
    ['level 5', { privilege_level: 5, approvals_required: 2 }],
    ['two deciders', { approvals_required: 2 }],
    ['a gate or a policy that forbids it', { rule: rule({ standing_allowed: false }) }],
    ['its author as who asked', { requested_by: 'BOSS' }],
    ['its author as who edited', { edited_by: ['boss'] }],
    ['somebody as who edited', { edited_by: ['ann'], replaces: randomUUID() }],
    ['approvers that its author is none of', { rule: rule({ stages: [{ ...rule().stages[0]!, approvers: ['x'] }] }) }],
    ['a deadline that is over', { expires_at: hence(-1_000) }],
  ])('leaves a call with %s to people', async (_, over) => {
    const { id } = await stand();
    const row = await asked(over);
    expect(row).toMatchObject({ status: 'pending', standing_id: null });
    expect(await usesOf(id)).toBe(0);
    expect(await query('select kind from agf_hitl_notices where approval_id = $1', [row.id])).toEqual([
      { kind: 'requested' },
    ]);
  });

  it('leaves a call without a rule to people', async () => {
    await stand();
    const { rule: _rule, ...old } = await start();
    await app.open.run(old);
    expect(await query('select status from agf_hitl_approvals where id = $1', [old.approval_id])).toEqual([
      { status: 'pending' },
    ]);
  });

  it('is over by time, by being revoked, and is nothing to another tenant', async () => {
    const { id } = await stand();
    const mine = tenant;
    tenant = randomUUID();
    workflow_id = await published(tenant);
    expect((await asked()).status).toBe('pending');
    await expect(app.listStanding.one(tenant, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(app.revokeStanding.run(actor('boss'), id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    tenant = mine;
    [{ workflow_id }] = (await query<{ workflow_id: string }>(
      'select id as workflow_id from agf_workflow_definitions',
      [],
    )) as [{ workflow_id: string }];
    expect((await asked()).status).toBe('approved');
    expect(await app.revokeStanding.run(actor('ann'), id)).toMatchObject({ revoked_by: 'ann', uses: 1 });
    await expect(app.revokeStanding.run(actor('ann'), id)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    expect((await asked()).status).toBe('pending');
    const late = await stand();
    await query(`update agf_standing_approvals set expires_at = now() - interval '1 s' where id = $1`, [late.id]);
    expect((await asked()).status).toBe('pending');
    const audited = await db.run(tenant, () => new AuditRepository(db).list({ resource_id: id }));
    expect(audited.items.map(({ action }) => action)).toEqual(['standing_approval.revoke', 'standing_approval.create']);
  });

  it("is worth what its author's grant is worth now", async () => {
    const members = new MembersRepository(db);
    await stand();
    await db.run(tenant, () => members.upsert({ sub: 'boss', roles: ['approver'], privilege_level: 2 }));
    expect((await asked()).status).toBe('pending');
    await db.run(tenant, () => members.upsert({ sub: 'boss', roles: ['viewer'], privilege_level: 5 }));
    expect((await asked()).status).toBe('pending');
    await db.run(tenant, () => members.upsert({ sub: 'boss', roles: ['approver'], privilege_level: 3 }));
    expect((await asked()).status).toBe('approved');
    await db.run(tenant, async () => {
      await members.remove('boss');
      await new TenantsRepository(db).declareMembers(true);
    });
    expect((await asked()).status).toBe('pending');
  });

  it('counts for a group of its author, and not where separation of duties keeps them out', async () => {
    await stand();
    const stages = [{ name: 'risk', approvers: ['risk'], approvals_required: 1 }];
    await app.groups.put(actor('admin'), 'risk', { members: ['boss'] });
    expect((await asked({ rule: rule({ stages }) })).status).toBe('approved');
    const { execution_id } = await asked();
    const again = { execution_id, visit: 2, rule: rule({ separation_of_duties: ['earlier_decider'] }) };
    expect(await asked(again)).toMatchObject({ status: 'pending', excluded: ['boss'] });
  });

  it.each<[string, object, string]>([
    ['a condition that does not compile', { condition: 'arguments.' }, 'condition'],
    ['a condition over what is not there', { condition: 'state.x == 1' }, 'condition'],
    ['one that is no bool', { condition: '1 + 1' }, 'condition'],
    ['an end that is over', { expires_at: hence(-1_000) }, 'expires_at'],
    ['an end that is too far', { expires_at: hence(31 * 86_400_000) }, 'expires_at'],
  ])('is not made with %s', async (_, over, field) => {
    await expect(stand(over)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', details: { fields: [{ field }] } });
  });

  it('is not made by who may not decide on such calls', async () => {
    await expect(stand({}, actor('v', { roles: ['developer'] }))).rejects.toMatchObject({
      details: { reason: 'role' },
    });
    await expect(stand({}, actor('v', { privilege_level: 2 }))).rejects.toMatchObject({ details: { reason: 'level' } });
    expect(await stand({ privilege_level: 2 }, actor('v', { privilege_level: 2 }))).toMatchObject({ created_by: 'v' });
    expect((await asked()).status).toBe('pending');
    const { items } = await db.run(tenant, () => new AuditRepository(db).list({ outcome: 'denied' }));
    expect(items.map(({ action }) => action)).toEqual(['standing_approval.create', 'standing_approval.create']);
  });
});
