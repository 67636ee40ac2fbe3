import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { PrivilegeLevel } from '@aumos/agf-domain';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  ApprovalsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionsRepository,
  FamiliesRepository,
  MembersRepository,
  OutboxRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { Logger } from '@nestjs/common';
import { DecideApproval } from '../src/approvals/decide-approval.js';
import type { ApprovalSettings } from '../src/config.js';
import { DeliverDecision } from '../src/delivery/deliver-decision.js';
import { TemporalClient } from '../src/temporal/temporal-client.js';

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
async function pending(): Promise<string> {
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
  };
  await db.run(tenant, () => new ApprovalsRepository(db).open(approval));
  return approval_id;
}

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
  const approvals = new ApprovalsRepository(db);
  const id = await pending();
  const decide = new DecideApproval(
    db,
    approvals,
    new FamiliesRepository(db),
    members,
    new AuditRepository(db),
    new EventPublisher(db, new OutboxRepository(db), new Nudges()),
    // Nothing waits for this approval: the delivery finds no workflow, and says so in its log.
    new DeliverDecision(db, approvals, Object.create(TemporalClient.prototype) as TemporalClient),
    { agentMaxPrivilegeLevel: cap } as unknown as ApprovalSettings,
  );
  const actor = { sub, tenant_id: tenant, privilege_level: token, roles: ['approver' as const] };
  const got = await decide.run({ actor, approval_id: id, decision: 'approve' }).then(
    ({ status }) => status,
    (error: { details?: { reason?: string } }) => error.details?.reason,
  );
  expect(got).toBe(expected);
});
