import { TENANTS } from '@aumos/agf-devstack';
import { childExecutionId } from '@aumos/agf-domain';
import {
  type Approval,
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  execution,
  type Execution,
  loadWorkflow,
  nodesOf,
  type Page,
  pendingApproval,
  publish,
  reaches,
  start,
  unique,
  upload,
  vegaDataset,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { as, events, world } from '../system.js';

const dataset = vegaDataset('lookup_groups.csv');
const SETTINGS = { failure_threshold: 2, reset_timeout_seconds: 60, half_open_max_calls: 1 };

/** One node `call`, which hands its input on; what else becomes of it is in `said`. */
const caller = (called: string, node: object = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('caller'),
  state: { result: {}, said: { reducer: 'append' } },
  nodes: [
    { id: 'call', type: 'workflow', workflow: called, input: { cel: 'input' }, output: 'result', ...node },
    { id: 'failed', type: 'transform', set: { said: { cel: "[state.error.code + ' of ' + state.error.node]" } } },
    { id: 'open', type: 'transform', set: { said: { cel: "['open: ' + state.error.code]" } } },
  ],
  edges: [
    { source: 'START', target: 'call' },
    ...['call', 'failed', 'open'].map((source) => ({ source, target: 'END' })),
  ],
  output: { cel: "{'result': state.result, 'said': state.said, 'error': state.error}" },
});

const BOTH = { on_error: 'failed', on_open: 'open' };
/** A caller without the nodes that nothing leads to. */
const plain = (called: string): Definition => {
  const { nodes, edges, ...rest } = caller(called) as Definition & { nodes: object[]; edges: { source: string }[] };
  const own = edges.filter(({ source }) => source === 'START' || source === 'call');
  return { ...rest, nodes: nodes.slice(0, 1), edges: own };
};

export function children(): void {
  let developer: Client;
  let approver: Client;
  let stranger: Client;
  let source: string;
  beforeAll(async () => {
    [developer, approver, stranger] = await Promise.all([as('acme-admin'), as('acme-approver-1'), as('globex-admin')]);
    source = await upload(developer, dataset.csv);
  });
  const childrenOf = async (id: string): Promise<Execution[]> =>
    (await developer.must(200, developer.get<Page<Execution>>(`/executions?parent_execution_id=${id}`))).items;

  describe('with a risky call', () => {
    let table: string;
    let names: { top: string; middle: string; bottom: string };
    let top: string;
    beforeAll(async () => {
      table = unique('nested');
      const bottom = loadWorkflow({ table });
      await publish(developer, bottom);
      const middle = plain(bottom.name);
      await publish(developer, middle);
      const definition = plain(middle.name);
      top = await publish(developer, definition);
      names = { top: definition.name, middle: middle.name, bottom: bottom.name };
    });

    it('is approved from the inbox, which shows the way to it', async () => {
      const id = await start(developer, top, { source });
      const middle = childExecutionId(id, 'call', 1);
      const bottom = childExecutionId(middle, 'call', 1);
      const approval = await pendingApproval(approver, id);
      expect(approval).toMatchObject({
        execution_id: bottom,
        tool: 'table_load',
        path: [
          { execution_id: id, workflow_name: names.top, node: 'call', visit: 1 },
          { execution_id: middle, workflow_name: names.middle, node: 'call', visit: 1 },
          { execution_id: bottom, workflow_name: names.bottom, node: 'load', visit: 1 },
        ],
      });
      for (const each of [id, middle, bottom]) expect((await execution(developer, each)).status).toBe('paused_hitl');
      expect(await nodesOf(developer, id)).toMatchObject([
        { node: 'call', type: 'workflow', status: 'running', child_execution_id: middle },
      ]);
      expect(await childrenOf(id)).toMatchObject([
        { id: middle, parent_execution_id: id, root_execution_id: id, depth: 1, initiator: approval.requested_by },
      ]);
      expect(await execution(developer, bottom)).toMatchObject({ root_execution_id: id, depth: 2 });
      const roots = await developer.get<Page<Execution>>(`/executions?root_only=true&page_size=100`);
      const listed = roots.body.items.map((row) => row.id);
      expect([listed.includes(id), listed.includes(middle)]).toEqual([true, false]);

      for (const route of [`/executions/${middle}`, `/executions/${bottom}/nodes`, `/hitl/${approval.id}`])
        expect((await stranger.get(route)).status).toBe(404);
      for (const route of [`/hitl?execution_id=${id}`, `/executions?parent_execution_id=${id}`])
        expect((await stranger.get<Page<Approval>>(route)).body).toMatchObject({ items: [], total: 0 });
      const own = await decide(developer, approval.id);
      expect([own.status, own.body.details]).toEqual([403, { reason: 'requester' }]);

      expect((await decide(approver, approval.id)).body).toMatchObject({ status: 'approved', path: approval.path });
      const row = await completed(developer, id);
      expect(row.output_data).toMatchObject({ result: { result: { loaded: {} } } });
      expect(await world().count('acme', table)).toBe(dataset.rows.length);
      expect(await nodesOf(developer, id)).toMatchObject([{ status: 'completed', child_execution_id: middle }]);
      const paused = await eventually(() => {
        const all = events().all.filter(
          ({ topic, event }) => topic === 'agf.workflow.paused_hitl' && event.data['approval_id'] === approval.id,
        );
        return all.length >= 3 ? all : undefined;
      }, 'three events of a pause');
      expect(paused.map(({ event }) => event.aggregate_id).sort()).toEqual([id, middle, bottom].sort());
    });

    it('is cancelled from above: nobody is asked any more', async () => {
      const id = await start(developer, top, { source });
      const approval = await pendingApproval(approver, id);
      await developer.must(202, developer.post(`/executions/${id}/cancel`));
      expect((await ended(developer, id)).status).toBe('cancelled');
      const middle = childExecutionId(id, 'call', 1);
      for (const each of [middle, childExecutionId(middle, 'call', 1)])
        expect((await execution(developer, each)).status).toBe('cancelled');
      expect((await approver.get<Approval>(`/hitl/${approval.id}`)).body.status).toBe('cancelled');
    });

    it('is cancelled by hand: its parent goes on, and waits for nobody', async () => {
      const bottom = loadWorkflow({ table });
      await publish(developer, bottom);
      const id = await start(developer, await publish(developer, caller(bottom.name, BOTH)), { source });
      await pendingApproval(approver, id);
      await developer.must(202, developer.post(`/executions/${childExecutionId(id, 'call', 1)}/cancel`));
      const row = await completed(developer, id);
      expect(row.output_data).toMatchObject({
        said: ['CHILD_FAILED of call'],
        error: { details: { cause: { code: 'CANCELLED' } } },
      });
    });
  });

  it('that fails again and again opens its own breaker: its parent takes on_open, and stays well', async () => {
    const failing: Definition = {
      schema: 'agf/workflow/v1',
      name: unique('failing'),
      state: { x: {} },
      nodes: [{ id: 'fails', type: 'transform', set: { x: { cel: 'input.nothing' } } }],
      edges: [
        { source: 'START', target: 'fails' },
        { source: 'fails', target: 'END' },
      ],
      circuit_breaker: SETTINGS,
    };
    const child = await publish(developer, failing);
    const definition = { ...caller(failing.name, BOTH), circuit_breaker: SETTINGS };
    const parent = await publish(developer, definition);
    const alone = await publish(developer, { ...plain(failing.name), circuit_breaker: SETTINGS });
    const once = async (): Promise<unknown> =>
      (await completed(developer, await start(developer, parent, {}))).output_data;
    // The first failure ends its parent too: it counts once, where it happened.
    const first = await ended(developer, await start(developer, alone, {}));
    expect(first.error_details).toMatchObject({
      code: 'CHILD_FAILED',
      details: { cause: { code: 'EXPRESSION_ERROR', node: 'fails' } },
    });
    expect(await once()).toMatchObject({ said: ['CHILD_FAILED of call'] });
    expect(await once()).toMatchObject({ said: ['open: CIRCUIT_OPEN'] });
    await reaches(developer, await start(developer, parent, {}), 'completed');
    const state = async (id: string): Promise<unknown> =>
      (await developer.get<{ state: string }>(`/circuit-breakers/workflow:${id}`)).body.state;
    await eventually(async () => (await state(child)) === 'open', 'the breaker of the child');
    for (const id of [parent, alone]) expect([undefined, 'closed']).toContain(await state(id));
    const opened = await eventually(
      () =>
        events().all.filter(
          ({ topic, event }) => topic === 'agf.circuit_breaker.opened' && event.aggregate_id === `workflow:${child}`,
        )[0],
      'the event',
    );
    expect(opened.event.tenant_id).toBe(TENANTS.acme);
  });

  it('runs in the version that was the newest when its parent was published', async () => {
    const version = (said: string): Definition => ({
      schema: 'agf/workflow/v1',
      name: 'x',
      state: { x: {} },
      nodes: [{ id: 'say', type: 'transform', set: { x: said } }],
      edges: [
        { source: 'START', target: 'say' },
        { source: 'say', target: 'END' },
      ],
      output: { cel: 'state.x' },
    });
    const name = unique('pinned');
    const child = await publish(developer, { ...version('old'), name });
    const parent = await publish(developer, plain(name));
    await developer.must(
      201,
      developer.post(`/workflows/${child}/versions`, { graph_definition: { ...version('new'), name } }),
    );
    const [shown] = (await developer.get<Page<{ called_versions: object }>>(`/workflows/${parent}/versions`)).body
      .items;
    expect(shown?.called_versions).toEqual({ [name]: 1 });
    expect((await completed(developer, await start(developer, parent, {}))).output_data).toMatchObject({
      result: 'old',
    });
  });
}
