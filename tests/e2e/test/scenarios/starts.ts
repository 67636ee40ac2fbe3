import { TENANTS } from '@aumos/agf-devstack';
import { executionWorkflowId } from '@aumos/agf-domain';
import {
  acknowledged,
  type Approval,
  type Client,
  completed,
  decide,
  ended,
  type Execution,
  execution,
  loadWorkflow,
  nodesOf,
  OPEN_GATE,
  pendingApproval,
  publish,
  reaches,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { as, events, world } from '../system.js';

const CSV = 'a,b\n1,2\n3,4\n';
const QUICK = {
  schema: 'agf/workflow/v1',
  state: { n: {} },
  nodes: [{ id: 'set', type: 'transform', set: { n: { cel: 'input.n' } } }],
  edges: [
    { source: 'START', target: 'set' },
    { source: 'set', target: 'END' },
  ],
  output: { cel: 'state.n' },
};

/** What an operator can do: the workflow gets no chance to write its outcome. */
async function terminate(executionId: string): Promise<void> {
  const { temporal, temporal_namespace: namespace } = world().local;
  const connection = await Connection.connect({ address: temporal });
  try {
    const client = new TemporalClient({ connection, namespace });
    await client.workflow.getHandle(executionWorkflowId(TENANTS.acme, executionId)).terminate('test');
  } finally {
    await connection.close();
  }
}

/** Another tenant's, so that its limit hinders nobody else. */
const setLimit = (limit: number | null): Promise<unknown> =>
  world().rows('update agf_tenant_quotas set max_concurrent_workflows = $2 where tenant_id = $1', [
    TENANTS.globex,
    limit,
  ]);

export function idempotency(): void {
  let developer: Client;
  let workflow: string;
  const path = (): string => `/workflows/${workflow}/execute`;
  beforeAll(async () => {
    developer = await as('acme-developer');
    workflow = await publish(developer, { ...QUICK, name: unique('quick') });
  });

  it('starts one execution for one key, however often and at once it is sent', async () => {
    const key = { 'idempotency-key': unique('key') };
    const tries = Array.from({ length: 20 }, () => developer.post<Execution>(path(), { input_data: { n: 1 } }, key));
    const answers = await Promise.all(tries);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect((await completed(developer, id)).output_data).toBe(1);
    const later = await developer.post<Execution>(path(), { input_data: { n: 1 } }, key);
    expect([later.status, later.body.id, later.body.status]).toEqual([202, id, 'completed']);
    const { total } = (await developer.get<{ total: number }>(`/executions?workflow_id=${workflow}`)).body;
    expect(total).toBe(1);
  });

  it('refuses the key for another body', async () => {
    const key = { 'idempotency-key': unique('key') };
    expect((await developer.post(path(), { input_data: { n: 1 } }, key)).status).toBe(202);
    const bodies = [{ input_data: { n: 2 } }, { input_data: { n: 1 }, version: 1 }];
    for (const body of bodies) {
      const answer = await developer.post(path(), body, key);
      expect([answer.status, answer.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    // The members' order is not another body.
    const same = await developer.request('POST', path(), {
      raw: { type: 'application/json', body: '{ "input_data" : {"n":1} }' },
      headers: key,
    });
    expect(same.status).toBe(202);
  });

  it("is the caller's own: somebody else's key is another one", async () => {
    const key = { 'idempotency-key': unique('key') };
    const admin = await as('acme-admin');
    const [mine, theirs] = await Promise.all([
      developer.post<Execution>(path(), { input_data: { n: 1 } }, key),
      admin.post<Execution>(path(), { input_data: { n: 2 } }, key),
    ]);
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(mine.body.id).not.toBe(theirs.body.id);
  });
}

export function quota(): void {
  let developer: Client;
  let source: string;
  let workflow: string;
  const table = unique('open_quota');
  beforeAll(async () => {
    developer = await as('globex-developer');
    source = await upload(developer, CSV);
    workflow = await publish(developer, loadWorkflow({ table, gate: OPEN_GATE }));
    await completed(developer, await start(developer, workflow, { source }));
  });
  afterAll(() => setLimit(null));

  it('refuses one more than the limit, and says when to come again; a slot is free when its execution ends', async () => {
    // Loads into a locked table run and do not end.
    const unlock = await world().lockTable('globex', table);
    try {
      await setLimit(2);
      const ids = [await start(developer, workflow, { source }), await start(developer, workflow, { source })];
      for (const id of ids) await reaches(developer, id, 'running');
      const answer = await developer.post(`/workflows/${workflow}/execute`, { input_data: { source } });
      expect([answer.status, answer.body.code]).toEqual([429, 'QUOTA_EXCEEDED']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const [cancelled = '', kept = ''] = ids;
      expect((await developer.post(`/executions/${cancelled}/cancel`)).status).toBe(202);
      expect(await ended(developer, cancelled)).toMatchObject({ status: 'cancelled' });
      const next = await start(developer, workflow, { source });
      await unlock();
      await Promise.all([completed(developer, kept), completed(developer, next)]);
      // The first one, and these two: what was cancelled loaded nothing.
      expect(await world().count('globex', table)).toBe(6);
    } finally {
      await unlock();
    }
  });

  it('counts no execution that waits for people', async () => {
    await setLimit(1);
    const asking = await publish(developer, loadWorkflow({ table: unique('asking') }));
    const admin = await as('globex-admin');
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      const id = await start(developer, asking, { source });
      await pendingApproval(admin, id);
      ids.push(id);
    }
    const [usage] = await world().rows<{ in_use: number }>(
      'select in_use from agf_tenant_quotas where tenant_id = $1',
      [TENANTS.globex],
    );
    expect(usage?.in_use).toBe(0);
    // What was paused goes on whatever the limit says.
    for (const id of ids) await decide(admin, (await pendingApproval(admin, id)).id);
    for (const id of ids) await completed(developer, id);
  });
}

export function cancelling(): void {
  let developer: Client;
  let source: string;
  beforeAll(async () => {
    developer = await as('acme-developer');
    source = await upload(developer, CSV);
  });

  it('ends what waits for an approval, and closes the approval', async () => {
    const table = unique('cancelled');
    const id = await start(developer, await publish(developer, loadWorkflow({ table })), { source });
    const approver = await as('acme-approver-1');
    const { id: approval } = await pendingApproval(approver, id);
    const asked = await developer.post<Execution>(`/executions/${id}/cancel`);
    expect([asked.status, asked.body.cancel_requested]).toEqual([202, true]);
    const row = await ended(developer, id);
    expect(row).toMatchObject({ status: 'cancelled', output_data: null, error_details: { code: 'CANCELLED' } });
    expect((await approver.get<Approval>(`/hitl/${approval}`)).body.status).toBe('cancelled');
    const late = await decide(approver, approval);
    expect([late.status, late.body.code]).toEqual([422, 'INVALID_STATE']);
    expect(await world().count('acme', table)).toBe(0);
    const told = await events().about(id, (types) => types.includes('agf.workflow.failed'));
    const data = told.find(({ topic }) => topic === 'agf.workflow.failed')?.event.data;
    expect(data).toMatchObject({ code: 'CANCELLED' });
    // Absent, where there is none.
    expect(data).not.toHaveProperty('node');
    await eventually(async () => (await nodesOf(developer, id)).every(({ status }) => status !== 'running'));
  });

  it('refuses to end what has ended, by either route', async () => {
    const workflow = await publish(developer, { ...QUICK, name: unique('quick') });
    const id = await start(developer, workflow, { n: 1 });
    await completed(developer, id);
    const byWorkflow = `/workflows/${workflow}/cancel?execution_id=${id}`;
    for (const path of [`/executions/${id}/cancel`, byWorkflow]) {
      const answer = await developer.post(path);
      expect([answer.status, answer.body.code, answer.body.details?.['status']]).toEqual([
        422,
        'INVALID_STATE',
        'completed',
      ]);
    }
    expect((await execution(developer, id)).cancel_requested).toBe(false);
  });

  it('ends what lost its workflow: asked to, as cancelled; by itself, as failed', async () => {
    const [asked, forgotten] = [await running(), await running()];
    for (const id of [asked, forgotten]) await terminate(id);
    const answer = await developer.post<Execution>(`/executions/${asked}/cancel`);
    expect(answer.status).toBe(202);
    const rows = await Promise.all([asked, forgotten].map((id) => ended(developer, id)));
    expect(rows).toMatchObject([
      { status: 'cancelled', error_details: { code: 'CANCELLED' } },
      {
        status: 'failed',
        error_details: { code: 'INTERNAL_ERROR', message: 'The workflow ended without its outcome' },
      },
    ]);
    const held = await world().rows(
      'select id from agf_workflow_executions where id = any($1::uuid[]) and (holds_slot or open_approvals > 0)',
      [[asked, forgotten]],
    );
    expect(held).toEqual([]);
    for (const [id, code] of [
      [asked, 'CANCELLED'],
      [forgotten, 'INTERNAL_ERROR'],
    ] as const) {
      const told = await events().about(id, (types) => types.includes('agf.workflow.failed'));
      expect(told.filter(({ topic }) => topic === 'agf.workflow.failed')).toMatchObject([
        { event: { data: { code } } },
      ]);
    }
    const approver = await as('acme-approver-1');
    await eventually(async () => {
      const { body } = await approver.get<{ total: number }>(`/hitl/pending?execution_id=${asked}`);
      return body.total === 0;
    }, 'its approval to be closed');
  });

  async function running(): Promise<string> {
    const id = await start(developer, await publish(developer, loadWorkflow({ table: unique('lost') })), { source });
    await pendingApproval(await as('acme-approver-1'), id);
    return id;
  }

  it('of what was just accepted leaves nothing running', async () => {
    const workflow = await publish(developer, loadWorkflow({ table: unique('raced') }));
    const ids = await Promise.all(Array.from({ length: 5 }, () => start(developer, workflow, { source })));
    const asked = await Promise.all(ids.map((id) => developer.post(`/executions/${id}/cancel`)));
    expect(asked.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    for (const id of ids) expect((await ended(developer, id)).status).toBe('cancelled');
    expect(ids.every((id) => acknowledged.has(id))).toBe(true);
  });
}
