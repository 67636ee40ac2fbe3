import {
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  execution,
  nodesOf,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
  vegaDataset,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { NOBODY } from '../routes.js';
import { as } from '../system.js';

let developer: Client;

type Parts = Pick<Definition, 'nodes' | 'edges'> & Partial<Definition>;
const definition = (parts: Parts): Definition => ({ schema: 'agf/workflow/v1', name: unique('graph'), ...parts });
const edge = (source: unknown, target: string, more: object = {}): object => ({ source, target, ...more });
const set = (id: string, values: object): object => ({ id, type: 'transform', set: values });
const cel = (source: string): object => ({ cel: source });

async function run(parts: Parts, input: unknown = {}): Promise<string> {
  return start(developer, await publish(developer, definition(parts)), input);
}

export function definitions(): void {
  beforeAll(async () => {
    developer = await as('acme-developer');
  });

  it('runs in parallel, chooses, joins, and folds by every reducer', async () => {
    const workflow = await publish(developer, definition(PARALLEL));
    const [small, large] = await Promise.all([
      start(developer, workflow, { n: 5 }),
      start(developer, workflow, { n: 50 }),
    ]);
    expect((await completed(developer, small)).output_data).toEqual({
      last: 'e',
      list: ['a', 'b', 'low'],
      merged: { a: 1, b: 2 },
      total: 7.5,
      least: 2.5,
      most: 5,
      tags: ['x', 'y', 'z'],
    });
    expect((await completed(developer, large)).output_data).toMatchObject({ list: ['a', 'b', 'high'], total: 52.5 });
    const steps = (await nodesOf(developer, small)).map(({ node, step }) => `${node}@${String(step)}`);
    expect(steps).toEqual(['a@1', 'b@1', 'low@2', 'e@3']);
  });

  it('goes over a list with a tool, collects what fails, and joins the rest in order', async () => {
    const files = ['lookup_groups.csv', 'lookup_people.csv', 'iowa-electricity.csv'].map(vegaDataset);
    const sources = await Promise.all(files.map(({ csv, name }) => upload(developer, csv, name)));
    const workflow = await publish(developer, definition(FAN));
    const id = await start(developer, workflow, { sources: [...sources, `artifact:${NOBODY}`] });
    const rows = files.map((file) => file.rows.length);
    expect((await completed(developer, id)).output_data).toEqual({
      rows: rows.map((count, i) => ({ i, count })),
      total: rows.reduce((sum, count) => sum + count, 0),
      errors: ['ARTIFACT_NOT_FOUND'],
      nothing: false,
    });
    const visits = (await nodesOf(developer, id))
      .filter(({ node }) => node === 'profile')
      .sort((a, b) => a.visit - b.visit);
    expect(visits.map(({ item, visit, status }) => [item, visit, status])).toEqual([
      [0, 1, 'completed'],
      [1, 2, 'completed'],
      [2, 3, 'completed'],
      [3, 4, 'failed'],
    ]);
    const empty = await completed(developer, await start(developer, workflow, { sources: [] }));
    expect(empty.output_data).toEqual({ rows: [], total: 0, errors: [], nothing: true });
  });

  it('goes in circles until a condition ends it', async () => {
    const id = await run(
      {
        state: { n: { reducer: 'sum' }, seen: { reducer: 'append' } },
        nodes: [set('count', { n: 1, seen: cel('[state.n]') })],
        edges: [
          edge('START', 'count'),
          edge('count', 'count', { condition: 'state.n < input.until' }),
          edge('count', 'END', { otherwise: true }),
        ],
        output: cel('state.seen'),
      },
      { until: 4 },
    );
    expect((await completed(developer, id)).output_data).toEqual([0, 1, 2, 3]);
    expect((await nodesOf(developer, id)).map(({ visit }) => visit)).toEqual([1, 2, 3, 4]);
  });

  it.each(FAILURES)('ends as failed with %s', async (code, parts) => {
    const row = await ended(developer, await run(parts, { n: 0 }));
    expect(row).toMatchObject({ status: 'failed', output_data: null, error_details: { code } });
    expect(row.error_details?.message).toMatch(/./);
  });

  it('keeps an execution at its version while the next one is published', async () => {
    const first = definition({
      state: { said: {} },
      nodes: [
        { id: 'ask', type: 'gate', gate: 'look', payload: { version: 1 } },
        set('say', { said: cel("'one of ' + string(execution.version)") }),
      ],
      edges: [edge('START', 'ask'), edge('ask', 'say'), edge('say', 'END')],
      output: cel('state.said'),
      hitl_gates: { look: { gate_name: 'look' } },
    });
    const workflow = await publish(developer, first);
    const waiting = await start(developer, workflow);
    const approver = await as('acme-approver-1');
    const approval = await pendingApproval(approver, waiting);
    const second = {
      ...first,
      nodes: [set('say', { said: 'two' })],
      edges: [edge('START', 'say'), edge('say', 'END')],
    };
    const published = await developer.post<{ version: number }>(`/workflows/${workflow}/versions`, {
      graph_definition: second,
    });
    expect([published.status, published.body.version]).toEqual([201, 2]);
    const newest = await start(developer, workflow);
    expect(await completed(developer, newest)).toMatchObject({ workflow_version: 2, output_data: 'two' });
    expect(await execution(developer, waiting)).toMatchObject({ status: 'paused_hitl', workflow_version: 1 });
    await decide(approver, approval.id);
    expect(await completed(developer, waiting)).toMatchObject({ workflow_version: 1, output_data: 'one of 1' });
    const old = await developer.post<{ id: string }>(`/workflows/${workflow}/execute`, { input_data: {}, version: 1 });
    await decide(approver, (await pendingApproval(approver, old.body.id)).id);
    expect((await completed(developer, old.body.id)).output_data).toBe('one of 1');
    const kept = await developer.get<{ graph_definition: unknown }>(`/workflows/${workflow}/versions/1`);
    expect(kept.body.graph_definition).toEqual(first);
  });
}

const PARALLEL: Parts = {
  state: {
    last: { schema: { type: 'string' } },
    list: { reducer: 'append' },
    merged: { reducer: 'merge' },
    total: { reducer: 'sum' },
    least: { reducer: 'min' },
    most: { reducer: 'max' },
    tags: { reducer: 'union' },
  },
  nodes: [
    set('a', { list: 'a', merged: { a: 1, b: 1 }, total: 2.5, least: 2.5, most: 2.5, tags: ['x', 'y'] }),
    set('b', { list: ['b'], merged: { b: 2 }, total: cel('input.n'), least: 4, most: 5, tags: ['y', 'z'] }),
    set('high', { list: ['high'] }),
    set('low', { list: ['low'] }),
    set('e', { last: 'e' }),
  ],
  edges: [
    edge('START', 'a'),
    edge('START', 'b'),
    edge('b', 'high', { condition: 'state.total > 10' }),
    edge('b', 'low', { otherwise: true }),
    edge(['a', ['high', 'low']], 'e'),
    edge('e', 'END'),
  ],
  output: cel(
    '{"last": state.last, "list": state.list, "merged": state.merged, "total": state.total, "least": state.least, "most": state.most, "tags": state.tags}',
  ),
};

const FAN: Parts = {
  state: { rows: { reducer: 'append' }, total: { reducer: 'sum' } },
  nodes: [
    {
      id: 'profile',
      type: 'tool',
      tool: 'csv_profile',
      arguments: { source: cel('item') },
      outputs: { rows: "[{'i': index, 'count': result.rows}]", total: 'result.rows' },
    },
    set('done', {}),
  ],
  edges: [
    edge('START', 'profile', { for_each: 'input.sources', max_concurrency: 2, on_item_error: 'collect' }),
    edge('profile', 'done'),
    edge('done', 'END'),
  ],
  output: cel(
    "{'rows': state.rows, 'total': state.total, 'errors': state.errors.map(e, e.code), 'nothing': size(state.rows) == 0}",
  ),
};

const one = (values: object): Parts => ({
  state: { x: { schema: { type: 'integer' } } },
  nodes: [set('a', values)],
  edges: [edge('START', 'a'), edge('a', 'END')],
});

const FAILURES: [code: string, parts: Parts][] = [
  ['EXPRESSION_ERROR', one({ x: cel('1 / int(input.n)') })],
  ['STATE_SCHEMA', one({ x: cel("'n is ' + string(input.n)") })],
  ['OUTPUT_ERROR', { ...one({ x: 1 }), output: cel('input.missing') }],
  [
    'NO_EDGE_MATCHED',
    { ...one({ x: 1 }), edges: [edge('START', 'a'), edge('a', 'END', { condition: 'input.n > 0' })] },
  ],
  [
    'MAX_STEPS',
    {
      ...one({ x: 1 }),
      edges: [edge('START', 'a'), edge('a', 'a', { condition: 'input.n == 0' }), edge('a', 'END', { otherwise: true })],
      limits: { max_steps: 5 },
    },
  ],
  [
    'DEADLOCK',
    {
      state: {},
      nodes: [set('a', {}), set('b', {}), set('c', {})],
      edges: [
        edge('START', 'a'),
        edge('a', 'b', { condition: 'input.n > 0' }),
        edge('a', 'c', { otherwise: true }),
        edge(['b', 'c'], 'END'),
      ],
    },
  ],
];
