import { TENANTS } from '@aumos/agf-devstack';
import { approvalPayloadHash } from '@aumos/agf-domain';
import {
  type Approval,
  type Client,
  type Execution,
  completed,
  datasetPublish,
  disorder,
  nodesOf,
  pendingApproval,
  publish,
  type TappedEvent,
  tracesOf,
  unique,
  upload,
  vegaDataset,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { as, events, world } from '../system.js';

const dataset = vegaDataset('airports.csv');
const table = unique('airports');
const trace = randomBytes(16).toString('hex');
let developer: Client;
let approver: Client;
let accepted: Execution;
let approval: Approval;

/** The first job of the house: profile, ask, load, tell. */
export function mainPath(): void {
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    const workflow = await publish(developer, datasetPublish(unique('dataset-publish'), table));
    const source = await upload(developer, dataset.csv, dataset.name);
    const traceparent = `00-${trace}-${randomBytes(8).toString('hex')}-01`;
    const answer = await developer.post<Execution>(
      `/workflows/${workflow}/execute`,
      { input_data: { source } },
      { traceparent },
    );
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/api/v1/executions/${answer.body.id}`);
    accepted = answer.body;
    approval = await pendingApproval(approver, accepted.id);
  });

  it('accepts the start, traced as its caller is', () => {
    expect(accepted).toMatchObject({
      tenant_id: TENANTS.acme,
      status: 'pending',
      initiator: 'acme-developer',
      workflow_version: 1,
      trace_id: trace,
      output_data: null,
      error_details: null,
      cancel_requested: false,
    });
  });

  it('shows the approver exactly what will be done, under a hash of it', () => {
    expect(approval).toMatchObject({
      tenant_id: TENANTS.acme,
      execution_id: accepted.id,
      node: 'load',
      visit: 1,
      gate_name: 'publish',
      tool: 'table_load',
      arguments: { ...(accepted.input_data as object), table },
      privilege_level: 3,
      approvals_required: 1,
      status: 'pending',
      requested_by: 'acme-developer',
      decided_by: null,
      decisions: [],
    });
    const { tenant_id, execution_id, node, visit, gate_name, tool, tool_version, privilege_level, expires_at } =
      approval;
    const payload = {
      tenant_id,
      execution_id,
      node,
      visit,
      gate_name,
      tool,
      tool_version,
      privilege_level,
      expires_at,
    };
    expect(approval.payload_hash).toBe(approvalPayloadHash({ ...payload, arguments: approval.arguments }));
    const hours = (Date.parse(expires_at) - Date.parse(approval.created_at)) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
  });

  it('waits at the gate: nothing is loaded, no slot is held', async () => {
    const row = await developer.must(200, developer.get(`/executions/${accepted.id}`));
    expect(row).toMatchObject({ status: 'paused_hitl', current_node: 'load', completed_at: null });
    expect(await world().count('acme', table)).toBe(0);
    const [held] = await world().rows<{ holds_slot: boolean }>(
      'select holds_slot from agf_workflow_executions where id = $1',
      [accepted.id],
    );
    expect(held?.holds_slot).toBe(false);
  });

  it('goes on when somebody else approves, and ends with its output', async () => {
    const decided = await approver.must(200, approver.post(`/hitl/${approval.id}/approve`, { notes: 'fine' }));
    expect(decided).toMatchObject({ status: 'approved', decided_by: 'acme-approver-1', decision_notes: 'fine' });
    const row = await completed(developer, accepted.id);
    expect(row.error_details).toBeNull();
    expect(row.output_data).toMatchObject({
      issues: [],
      profile: { rows: dataset.rows.length, columns: dataset.header.map((name) => ({ name })) },
    });
    const status = await developer.get(`/workflows/${row.workflow_id}/status?execution_id=${row.id}`);
    expect(status.body).toMatchObject({
      id: row.id,
      status: 'completed',
      temporal_workflow_id: row.temporal_workflow_id,
    });
    const consumed = await approver.must(200, approver.get(`/hitl/${approval.id}`));
    expect(consumed).toMatchObject({
      status: 'consumed',
      decisions: [{ actor: 'acme-approver-1', decision: 'approve' }],
    });
  });

  it("has put exactly the file's rows into the tenant's warehouse", async () => {
    const columns = dataset.header.map((name) => `"${name}"::text`).join(', ');
    const { rows } = await world().warehouse.query<(string | null)[]>({
      text: `select ${columns} from acme.${table} order by 1`,
      rowMode: 'array',
    });
    const byFirst = [...dataset.rows].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const sorted = [...rows].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    expect(sorted).toEqual(byFirst);
  });

  it('shows its visits and what happened in them', async () => {
    const visits = await nodesOf(developer, accepted.id);
    expect(visits).toMatchObject([
      { node: 'profile', visit: 1, type: 'tool', status: 'completed', attempts: 1, approval_id: null },
      { node: 'load', visit: 1, type: 'tool', status: 'completed', attempts: 1, approval_id: approval.id },
    ]);
    expect(visits[1]?.output).toMatchObject({ table, schema: 'acme', rows: dataset.rows.length, created: true });
    const traces = await eventually(async () => {
      const all = await tracesOf(developer, accepted.id);
      return all.some(({ name }) => name === 'approved') ? all : undefined;
    }, 'the approval among the traces');
    const kinds = traces.map(({ kind, name, node }) => `${kind} ${name} ${String(node)}`);
    expect(kinds).toEqual(expect.arrayContaining(['tool csv_profile profile', 'tool table_load load']));
    expect(kinds.filter((kind) => kind.startsWith('hitl'))).toHaveLength(2);
    expect(new Set(traces.map(({ trace_id }) => trace_id))).toEqual(new Set([trace]));
  });

  it('tells it on Kafka: each fact once, in order, under the key of its aggregate', async () => {
    const told = await events().about(
      accepted.id,
      (types) => types.includes('agf.workflow.completed') && types.includes('agf.hitl.approved'),
    );
    const byTopic = Object.fromEntries(told.map((each) => [each.topic, each]));
    expect(Object.keys(byTopic).sort()).toEqual([
      'agf.hitl.approval_requested',
      'agf.hitl.approved',
      'agf.workflow.completed',
      'agf.workflow.paused_hitl',
      'agf.workflow.started',
    ]);
    expect(told).toHaveLength(5);
    expect(disorder(told)).toEqual([]);
    const versions = ['started', 'paused_hitl', 'completed'].map(
      (name) => byTopic[`agf.workflow.${name}`]?.event.aggregate_version,
    );
    expect(versions).toEqual([1, 2, 3]);
    for (const each of told) expectEnvelope(each);
    expect(byTopic['agf.hitl.approved']?.event).toMatchObject({
      actor_id: 'acme-approver-1',
      aggregate_id: approval.id,
      data: { approval_id: approval.id, decided_by: 'acme-approver-1', notes: 'fine' },
    });
    // Absent, where there is none.
    expect(byTopic['agf.hitl.approval_requested']?.event.data).not.toHaveProperty('agent_id');
    expect(byTopic['agf.workflow.paused_hitl']?.event.data).toMatchObject({
      approval_id: approval.id,
      gate_name: 'publish',
      workflow_id: accepted.workflow_id,
    });
  });

  it('leaves its trace id in the logs of all four apps', async () => {
    await eventually(() => {
      const apps = new Set(
        world()
          .logs((line) => JSON.stringify(line).includes(trace))
          .map(({ app }) => app),
      );
      return apps.size === 4;
    }, 'the trace id in four logs');
  });
}

/** Source: the conventions of the platform, "Events"; CloudEvents 1.0, Kafka's binary mode. */
function expectEnvelope({ topic, key, headers, event }: TappedEvent): void {
  expect(key).toBe(`${TENANTS.acme}:${event.aggregate_type}/${event.aggregate_id}`);
  expect(event.event_type).toBe(topic);
  const app = topic.startsWith('agf.hitl') ? 'hitl-approval' : 'execution-worker';
  expect(headers).toMatchObject({
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: event.event_id,
    ce_type: topic,
    ce_source: `/aumos/agent-framework/${app}`,
    ce_subject: event.aggregate_id,
    ce_tenantid: TENANTS.acme,
    ce_aggregateversion: String(event.aggregate_version),
    event_id: event.event_id,
    event_type: topic,
    schema_version: '1',
    tenant_id: TENANTS.acme,
    actor_id: event.actor_id,
    resource_id: event.aggregate_id,
    occurred_at: event.occurred_at,
    correlation_id: expect.stringMatching(/./),
    traceparent: expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-0[01]$`)),
  });
}
