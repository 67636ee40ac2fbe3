import { readFileSync } from 'node:fs';
import {
  type Client,
  completed,
  decide,
  type Definition,
  nodesOf,
  pendingApproval,
  type Problem,
  publish,
  start,
  tracesOf,
  unique,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';
import { TeamWorker } from './team-worker.js';

const EXAMPLE = new URL('../../../../examples/node-worker/order-pricing.json', import.meta.url);
const ORDER = { lines: [{ item: 'wrench', count: 2 }] };

/** The example's definition, under a name of its own. */
function example(node: (node: Record<string, unknown>) => Record<string, unknown> = (as_is) => as_is): Definition {
  const definition = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as Definition & { nodes: Record<string, unknown>[] };
  const nodes = definition.nodes.map((each) => (each['type'] === 'function' ? node(each) : each));
  return { ...definition, name: unique('order-pricing'), nodes };
}

/** A team's handlers, run by the example's own worker. */
export function functions(): void {
  let developer: Client;
  let worker: TeamWorker;
  let workflow: string;

  beforeAll(async () => {
    [developer, worker] = await Promise.all([as('acme-developer'), TeamWorker.start()]);
    workflow = await publish(developer, example());
  });
  afterAll(async () => {
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  it('run in their own process, and leave their visits, traces and log', async () => {
    const id = await start(developer, workflow, ORDER);
    const { output_data } = await completed(developer, id);
    expect(output_data).toEqual({ booked: { booking: `${id}/book/1`, total: 29, attempt: 1 }, notes: [] });
    expect(await nodesOf(developer, id)).toMatchObject([
      { node: 'price', type: 'function', status: 'completed', attempts: 1, output: { total: 29 } },
      { node: 'book', type: 'function', status: 'completed', attempts: 1, input: { total: 29, takes_ms: 0 } },
    ]);
    const traces = await tracesOf(developer, id);
    expect(traces.map(({ node, name }) => `${String(node)} ${name}`)).toEqual([
      'price price_order',
      'book book_prices',
    ]);
    expect(traces[0]?.attributes).toMatchObject({ attempt: 1, task_queue: 'agf-nodes-pricing' });
    const log = await world().rows<{ type: string; handler: string }>(
      `select type, data->>'handler' as handler from agf_execution_events
       where execution_id = $1 and type like 'tool\\_%' order by seq`,
      [id],
    );
    expect(log.map(({ type, handler }) => `${type} ${handler}`)).toEqual([
      ...['tool_start price_order', 'tool_end price_order', 'tool_start book_prices', 'tool_end book_prices'],
    ]);
  });

  it('survive their worker: what had ended runs once, what was under way again, under the same key', async () => {
    const id = await start(developer, workflow, { ...ORDER, takes_ms: 1_500 });
    await eventually(() => worker.calls(id).some(({ handler }) => handler === 'book_prices'), 'the booking to begin');
    const dead = worker;
    expect(await dead.end('SIGKILL')).toBeNull();
    worker = await TeamWorker.start();
    const { output_data } = await completed(developer, id);
    expect(output_data).toMatchObject({ booked: { booking: `${id}/book/1`, total: 29, attempt: 2 } });
    expect(dead.calls(id)).toEqual([
      { handler: 'price_order', effect_key: `${id}/price/1`, attempt: 1 },
      { handler: 'book_prices', effect_key: `${id}/book/1`, attempt: 1 },
    ]);
    expect(worker.calls(id)).toEqual([{ handler: 'book_prices', effect_key: `${id}/book/1`, attempt: 2 }]);
    expect((await nodesOf(developer, id)).map(({ node, attempts }) => [node, attempts])).toEqual([
      ['price', 1],
      ['book', 2],
    ]);
  });

  it('name their failures, which the definition takes', async () => {
    const id = await start(developer, workflow, { lines: [{ item: 'moon', count: 1 }] });
    expect((await completed(developer, id)).output_data).toMatchObject({ notes: ['there is no price of moon'] });
    const wrong = await start(developer, workflow, { lines: [] });
    expect((await completed(developer, wrong)).output_data).toMatchObject({
      notes: [expect.stringMatching(/^The handler does not take these arguments: \/lines /)],
    });
  });

  it('run in the process of the platform where they are local', async () => {
    const local = await publish(
      developer,
      example(({ task_queue: _, ...node }) => ({ ...node, placement: 'local' })),
    );
    const id = await start(developer, local, ORDER);
    expect((await completed(developer, id)).output_data).toMatchObject({ booked: { booking: `${id}/book/1` } });
    expect(worker.calls(id)).toEqual([]);
    const both = example((node) => ({ ...node, placement: 'local' }));
    const refused = await developer.post<Problem>('/workflows', { name: both.name, graph_definition: both });
    expect({ status: refused.status, body: JSON.stringify(refused.body) }).toMatchObject({
      status: 422,
      body: expect.stringContaining('LOCAL_TASK_QUEUE'),
    });
  });

  it('of level 3 wait for their approval, which one call takes', async () => {
    const risky = await publish(
      developer,
      example((node) => ({ ...node, ...(node['id'] === 'book' ? { privilege_level: 3 } : {}) })),
    );
    const id = await start(developer, risky, ORDER);
    const approver = await as('acme-approver-1');
    const approval = await pendingApproval(approver, id);
    expect(approval).toMatchObject({ tool: 'book_prices', tool_version: null, arguments: { total: 29, takes_ms: 0 } });
    expect(worker.calls(id).map(({ handler }) => handler)).toEqual(['price_order']);
    expect((await decide(approver, approval.id)).status).toBe(200);
    await completed(developer, id);
    const [row] = await world().rows<{ status: string; consumed_by: string }>(
      'select status, consumed_by from agf_hitl_approvals where id = $1',
      [approval.id],
    );
    expect(row).toEqual({ status: 'consumed', consumed_by: `${id}/book/1` });
  });
}
