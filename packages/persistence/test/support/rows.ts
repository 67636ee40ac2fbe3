import { randomUUID } from 'node:crypto';
import { type HttpToolDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import {
  DefinitionsRepository,
  ExecutionsRepository,
  type EndedVisit,
  type NewApproval,
  type NewExecution,
  type NewStep,
  type StartConditions,
  type TenantDb,
} from '../../src/index.js';

export const definition = (name = 'flow'): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  nodes: [{ id: 'a', type: 'transform', set: {} }],
  edges: [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ],
});

export const newVersion = (name = 'flow', hash = 'h1') => ({
  definition: definition(name),
  content_hash: hash,
  warnings: [],
  published_by: 'dev',
});

/** @returns the id of a published workflow of the tenant */
export async function aWorkflow(db: TenantDb, tenant: string, name = `flow-${randomUUID()}`): Promise<string> {
  const made = await db.run(tenant, () =>
    new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, newVersion(name)),
  );
  return made!.workflow.id;
}

export const newExecution = (workflowId: string, over: Partial<NewExecution> = {}): NewExecution => {
  const id = over.id ?? randomUUID();
  return {
    id,
    workflow_id: workflowId,
    workflow_version: 1,
    input_data: { n: 1 },
    temporal_workflow_id: `t/${id}`,
    initiator: 'dev',
    initiator_level: 3,
    initiator_roles: ['developer'],
    correlation_id: id,
    ...over,
  };
};

/** @returns the id of a pending execution that holds a slot */
export async function anExecution(
  db: TenantDb,
  tenant: string,
  workflowId?: string,
  conditions: StartConditions = { defaultLimit: 100 },
): Promise<string> {
  const workflow = workflowId ?? (await aWorkflow(db, tenant));
  const accepted = await new ExecutionsRepository(db).accept(tenant, newExecution(workflow), conditions);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  return accepted.execution_id;
}

export async function aRunningExecution(db: TenantDb, tenant: string): Promise<string> {
  const id = await anExecution(db, tenant);
  await db.run(tenant, () => new ExecutionsRepository(db).markRunning(id));
  return id;
}

export const endedVisit = (execution_id: string, over: Partial<EndedVisit> = {}): EndedVisit => ({
  execution_id,
  node: 'a',
  visit: 1,
  step: 1,
  item: null,
  type: 'tool',
  status: 'completed',
  input: { x: 1 },
  output: { y: 2 },
  error: null,
  started_at: '2026-01-02T03:04:05.678Z',
  ...over,
});

export const aStep = (step: number, over: Partial<NewStep> = {}): NewStep => ({
  step,
  due: { a: [{ visit: 1, item: null }] },
  joins: {},
  ended: false,
  writes: {},
  ...over,
});

export const newApproval = (execution_id: string, over: Partial<NewApproval> = {}): NewApproval => ({
  approval_id: randomUUID(),
  execution_id,
  workflow_id: randomUUID(),
  node: 'load',
  visit: 1,
  gate_name: 'platform',
  tool: 'table_load',
  tool_version: 1,
  arguments: { table: 't' },
  action_description: 'load',
  privilege_level: 3,
  approvals_required: 1,
  payload_hash: 'hash-of-it',
  requested_by: 'dev',
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  auto_reject_on_timeout: true,
  escalation_policy: 'notify_admin',
  temporal_workflow_id: `t/approval/${execution_id}`,
  ...over,
});

export const aTool = (name: string, over: Partial<HttpToolDefinition> = {}): HttpToolDefinition => ({
  name,
  kind: 'http',
  description: 'Reads something.',
  category: 'http',
  input_schema: { type: 'object' },
  output_schema: true,
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 10,
  http: { method: 'GET', url: 'https://example.com/' },
  ...over,
});
