import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ApiError,
  canonicalJson,
  type Decision,
  type Json,
  type JsonObject,
  type PrivilegeLevel,
  sha256Hex,
} from '@aumos/agf-domain';
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
import type { DecideApproval } from '../src/approvals/decide-approval.js';
import { useCases } from './support/use-cases.js';

const tenant = randomUUID();
let database: FreshDatabase;
let source: Awaited<ReturnType<typeof createDataSource>>;
let db: TenantDb;
let workflow_id: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  source = await createDataSource(database.appUrl, { applicationName: 'decide-test', poolSize: 2 });
  db = new TenantDb(source);
  const nodes = [{ id: 'a', type: 'transform' as const, set: {} }];
  const edges = [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ];
  const version = {
    definition: { schema: 'agf/workflow/v1' as const, name: 'flow', nodes, edges },
    content_hash: 'h',
    warnings: [],
    published_by: 'dev',
  };
  const made = await db.run(tenant, () =>
    new DefinitionsRepository(db).createWithVersion({ name: 'flow', created_by: 'dev' }, version),
  );
  workflow_id = made!.workflow.id;
}, 120_000);
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

/** A pending approval of a call that needs level 4. */
async function pending(more: Partial<NewApproval> = {}): Promise<string> {
  const [execution_id, approval_id] = [randomUUID(), randomUUID()];
  await new ExecutionsRepository(db).accept(
    tenant,
    {
      id: execution_id,
      workflow_id,
      workflow_version: 1,
      input_data: null,
      temporal_workflow_id: `t/${execution_id}`,
      initiator: 'starter',
      initiator_level: 5,
      initiator_roles: [],
      correlation_id: execution_id,
    },
    { defaultLimit: 100 },
  );
  const approval = {
    approval_id,
    execution_id,
    workflow_id,
    node: 'a',
    visit: 1,
    gate_name: 'g',
    tool: null,
    tool_version: null,
    arguments: {},
    action_description: 'x',
    privilege_level: 4 as const,
    approvals_required: 1,
    payload_hash: 'h',
    requested_by: 'starter',
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    auto_reject_on_timeout: false,
    escalation_policy: 'none',
    temporal_workflow_id: `a/${approval_id}`,
    ...more,
  };
  await db.run(tenant, () => new ApprovalsRepository(db).open(approval));
  return approval_id;
}

const deciding = (cap: PrivilegeLevel): DecideApproval => useCases(db, cap).decide;

it('decides on the payload that was looked at, and on no other', async () => {
  const approval_id = await pending();
  const actor = {
    tenant_id: tenant,
    sub: 'boss',
    roles: ['approver' as const],
    privilege_level: 5 as const,
    claims: {},
  };
  const decide = (payload_hash: string) => deciding(5).run({ actor, approval_id, decision: 'approve', payload_hash });
  await expect(decide('another')).rejects.toMatchObject({ code: 'PAYLOAD_CHANGED', details: { payload_hash: 'h' } });
  expect(await db.run(tenant, () => new ApprovalsRepository(db).get(approval_id))).toMatchObject({ status: 'pending' });
  expect(await decide('h')).toMatchObject({ status: 'approved' });
});

it.each<[string, { grant?: PrivilegeLevel; cap: PrivilegeLevel; token: PrivilegeLevel }, string]>([
  ['what the tenant granted', { token: 5, grant: 3, cap: 5 }, 'level'],
  ['the cap of the platform', { token: 5, grant: 5, cap: 3 }, 'level'],
  ['the token', { token: 3, grant: 5, cap: 5 }, 'level'],
  ['nothing: all suffice', { token: 5, grant: 4, cap: 4 }, 'approved'],
  ['nothing: nobody granted anything', { token: 4, cap: 5 }, 'approved'],
])('the level of who decides is limited by %s', async (_, { token, grant, cap }, expected) => {
  const members = new MembersRepository(db);
  const sub = randomUUID();
  if (grant) await db.run(tenant, () => members.upsert({ sub, roles: ['approver'], privilege_level: grant }));
  const id = await pending();
  const decide = deciding(cap);
  const actor = { sub, tenant_id: tenant, privilege_level: token, roles: ['approver' as const] };
  const got = await decide.run({ actor, approval_id: id, decision: 'approve' }).then(
    ({ status }) => status,
    (error: { details?: { reason?: string } }) => error.details?.reason,
  );
  expect(got).toBe(expected);
});

describe('edit and respond', () => {
  const approver = (sub: string) => ({
    ...{ sub, tenant_id: tenant, privilege_level: 5 as const, roles: ['approver' as const] },
  });
  const all: Partial<NewApproval> = {
    allowed_decisions: ['approve', 'reject', 'edit', 'respond'],
    input_schema: { type: 'object', required: ['table'], properties: { table: { type: 'string' } } },
    output_schema: { type: 'object', required: ['rows'] },
  };
  const decide = (approval_id: string, decision: Decision, given?: Json, sub = 'boss') =>
    deciding(5).run({ actor: approver(sub), approval_id, decision, ...(given === undefined ? {} : { given }) });

  it.each<[Decision, Json, string, string]>([
    ['edit', { table: 'cars' }, 'edited', 'agf.hitl.rejected'],
    ['respond', { rows: 3 }, 'answered', 'agf.hitl.approved'],
  ])('%s: the row, the vote, the audit and the event say so', async (decision, given, status, event_type) => {
    const id = await pending(all);
    expect(await decide(id, decision, given)).toMatchObject({
      ...{ status, given, decided_by: 'boss', allowed_decisions: [] },
      decisions: [{ actor: 'boss', decision }],
    });
    const { items } = await db.run(tenant, () => new AuditRepository(db).list({ resource_id: id }));
    expect(items).toMatchObject([
      {
        ...{ action: `approval.${decision}`, outcome: 'allowed', actor_id: 'boss' },
        details: { payload_hash: 'h', given_hash: sha256Hex(canonicalJson(given)) },
      },
    ]);
    await db.run(tenant, async () => {
      const told = await db.em.query<{ event_type: string; data: JsonObject }[]>(
        `select event_type, data from agf_outbox where aggregate_id = $1`,
        [id],
      );
      expect(told).toMatchObject([{ event_type, data: { approval_id: id, decided_by: 'boss', decision } }]);
    });
  });

  it.each<[string, Decision, Json, Partial<NewApproval>, unknown]>([
    ['arguments that the tool does not take', 'edit', { table: 1 }, all, ['arguments.table']],
    ['a result that the tool would not give', 'respond', {}, all, ['result']],
    ['a result that is too long', 'respond', { rows: 'x'.repeat(70_000) }, all, 'PAYLOAD_TOO_LARGE'],
    ['what nobody can edit', 'edit', {}, {}, 'DECISION_NOT_ALLOWED'],
    ['what nobody can answer', 'respond', 1, {}, 'DECISION_NOT_ALLOWED'],
    ['what cannot be stored', 'edit', { table: 'a\0b' }, all, 'VALIDATION_ERROR'],
  ])('refuses %s, and the approval waits on', async (_, decision, given, more, expected) => {
    const id = await pending(more);
    const error = await decide(id, decision, given).then(
      () => undefined,
      (thrown: ApiError) => thrown,
    );
    if (typeof expected === 'string') expect(error?.code).toBe(expected);
    else expect(error?.details.fields?.map(({ field }) => field)).toEqual(expected);
    expect((await db.run(tenant, () => new ApprovalsRepository(db).get(id)))?.status).toBe('pending');
  });

  it('are not for who asked, wrote it, has no role, or is of another tenant', async () => {
    const id = await pending({ ...all, edited_by: ['ann'] });
    for (const decision of ['approve', 'reject', 'edit', 'respond'] as const) {
      const given: Json = decision === 'edit' ? { table: 'x' } : { rows: 1 };
      await expect(decide(id, decision, given, 'starter')).rejects.toMatchObject({ details: { reason: 'requester' } });
      await expect(decide(id, decision, given, 'ann')).rejects.toMatchObject({ details: { reason: 'editor' } });
      const viewer = { ...approver('v'), roles: ['viewer' as const] };
      await expect(deciding(5).run({ actor: viewer, approval_id: id, decision, given })).rejects.toMatchObject({
        details: { reason: 'role' },
      });
      const stranger = { ...approver('boss'), tenant_id: randomUUID() };
      await expect(deciding(5).run({ actor: stranger, approval_id: id, decision, given })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    expect((await db.run(tenant, () => new ApprovalsRepository(db).get(id)))?.status).toBe('pending');
  });
});
