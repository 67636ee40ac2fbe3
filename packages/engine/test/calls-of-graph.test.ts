import { describe, expect, it } from '@jest/globals';
import type { FunctionNode, Json, ToolSpec } from '@aumos/agf-domain';
import type { GraphRequest } from '../src/common/index.js';
import { callsOfGraph } from '../src/workflow/run/calls-of-graph.js';
import type { NodePlan } from '../src/workflow/plan/plan.js';
import type { Visit } from '../src/workflow/run/visit.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const GATES = Object.fromEntries(['own', 'lax', 'default'].map((gate_name) => [gate_name, { gate_name }]));

/** A visit of which only what a graph's calls touch is there. */
function visitOf(node: Partial<FunctionNode>, result: Json = null) {
  const made: { node: NodePlan['node']; visit: number }[] = [];
  const rows: object[] = [];
  const visit = {
    run: {
      plan: { definition: { hitl_gates: GATES } },
      commands: { paused: false },
      ended: { overflows: false, add: (row: object) => rows.push(row) },
      runtime: { now: () => NOW },
      visitInside: async ({ node: inner }: NodePlan, due: { visit: number }) => {
        made.push({ node: inner, visit: due.visit });
        return { kind: 'done', writes: [['~result', result]] };
      },
    },
    node: { id: 'g', type: 'function', handler: 'graph', ...node },
    site: { node: 'g', visit: 2 },
    due: { item: null },
    view: { book: { step: 1 } },
  };
  return { calls: callsOfGraph(visit as unknown as Visit<FunctionNode>), made, rows };
}
const noTool = () => Promise.resolve(null);
const needing = (min_privilege_level: number) => () => Promise.resolve({ name: 't', min_privilege_level } as ToolSpec);
const tool = (options: object = {}) => ({ id: 1, node: 'n', kind: 'tool', tool: 't', arguments: {}, options });
const approval = (more: object = {}) => ({ id: 1, node: 'n', kind: 'approval', payload: {}, ...more });
const deep = (levels: number): Json => (levels === 0 ? null : [deep(levels - 1)]);
const handler = (options: object = {}, node = 'n'): GraphRequest => ({
  id: 1,
  node,
  kind: 'function',
  handler: 'h',
  arguments: {},
  options,
});

describe('what a graph asks for', () => {
  it('are visits of their own, numbered by what they call', async () => {
    const { calls, made } = visitOf({});
    for (const node of ['n', 'n', 'sub.n', 'odd name/1']) await calls.call(handler({}, node), noTool);
    expect(made.map(({ node, visit }) => `${node.id}#${String(visit)}`)).toEqual([
      'g~2~n~h#1',
      'g~2~n~h#2',
      'g~2~sub.n~h#1',
      'g~2~odd-name-1~h#1',
    ]);
  });

  it('meet the level and the gate of their node, which they cannot lower', async () => {
    const { calls, made } = visitOf({ privilege_level: 4, gate: 'own' });
    await calls.call(
      handler({ privilege_level: 1, on_error: 'elsewhere', id: 'x', retry: { max_attempts: 1 } }),
      noTool,
    );
    expect(made[0]?.node).toEqual({
      ...{ id: 'g~2~n~h', type: 'function', handler: 'h', output: '~result' },
      ...{ privilege_level: 4, gate: 'own', retry: { max_attempts: 1 } },
    });
  });

  it.each([tool({ gate: 'lax' }), handler({ gate: 'lax' }), approval({ gate: 'lax' })])(
    'meet the gate of their node, whatever they name: $kind',
    async (request) => {
      const { calls, made } = visitOf({ gate: 'own' });
      expect(await calls.call(request, needing(3))).toMatchObject({ kind: 'done' });
      expect(made).toEqual([{ node: expect.objectContaining({ gate: 'own' }), visit: 1 }]);
    },
  );

  it.each<[object, number, Partial<FunctionNode>]>([
    [tool({ gate: 'lax' }), 3, {}],
    [tool({ gate: 'lax' }), 1, { privilege_level: 4 }],
    [handler({ gate: 'lax' }), 1, { privilege_level: 3 }],
    [approval({ gate: 'lax' }), 1, { privilege_level: 3 }],
  ])('cannot name another gate than the default one that they need: %j', async (request, need, node) => {
    const { calls, made } = visitOf(node);
    const error = expect.objectContaining({ code: 'INVALID_ARGUMENTS' });
    expect(await calls.call({ ...request }, needing(need))).toEqual({ kind: 'failed', error });
    expect(made).toEqual([]);
  });

  it('may name a gate where none is needed, and the default one', async () => {
    const { calls, made } = visitOf({});
    await calls.call(tool({ gate: 'lax' }), needing(2));
    await calls.call(tool({ gate: 'default' }), needing(4));
    await calls.call(tool(), needing(4));
    expect(made.map(({ node }) => 'gate' in node && node.gate)).toEqual(['lax', 'default', false]);
  });

  it.each<[string, object]>([
    ...(
      [
        { timeout_seconds: 0 },
        { timeout_seconds: null },
        { timeout_seconds: '5' },
        { timeout_seconds: Infinity },
        { open_wait_seconds: -1 },
        { retry: null },
        { retry: { backoff: 0.5 } },
        { retry: { max_attempts: 1.5 } },
        { retry: { initial_interval_ms: 0 } },
        { retry: { non_retryable: ['x', 1] } },
        { retry: { attempts: 3 } },
        { gate: '' },
        { gate: { toString: 'x' } },
        { task_queue: 'x'.repeat(129) },
        { task_queue: 'agf-executions' },
        { task_queue: '/_sys/x/1' },
        { task_queue: 'half \ud800' },
      ] as object[]
    ).map((options): [string, object] => [`options ${JSON.stringify(options)}`, handler(options)]),
    ['no options', { ...handler(), options: null }],
    ['no arguments', { ...handler(), arguments: undefined }],
    ['arguments that are a list', { ...tool(), arguments: [] }],
    ['a text that cannot be stored', { ...tool(), arguments: { x: ['\0'] } }],
    ['a key that cannot be stored', { ...tool(), arguments: { '\ud800': 1 } }],
    ['arguments as deep as a stack', { ...tool(), arguments: { x: deep(2_000) } }],
    ['a payload as deep as a stack', approval({ payload: deep(2_000) })],
    ['a number of no size', { ...tool(), arguments: { x: Infinity } }],
    ['a handler without a name', { ...handler(), handler: '' }],
    ['a tool that is no text', { ...tool(), tool: { toString: 1 } }],
    ['a node that is no text', { ...tool(), node: { toString: 1 } }],
    ['another kind', { ...tool(), kind: 'workflow' }],
    ['a gate that is no text', approval({ gate: 1 })],
  ])('are refused as invalid: %s', async (_name, request) => {
    const { calls, made } = visitOf({});
    const answer = await calls.call(request as Record<string, unknown>, needing(1));
    expect(answer).toMatchObject({ kind: 'failed', error: { code: 'INVALID_ARGUMENTS' } });
    expect(made).toEqual([]);
  });

  it('end at a limit', async () => {
    const { calls, made } = visitOf({});
    for (let n = 0; n < 1_000; n++) await calls.call(handler(), noTool);
    expect(await calls.call(handler(), noTool)).toMatchObject({ kind: 'failed', error: { code: 'GRAPH_LIMIT' } });
    expect(made).toHaveLength(1_000);
  });

  it.each<[string, GraphRequest, string]>([
    ['a gate that is not declared', handler({ gate: 'none' }), 'UNKNOWN_GATE'],
    ['another graph', handler({ task_queue: 'agf-graphs-other' }), 'UNKNOWN_HANDLER'],
    ['a tool that is none', { ...handler(), kind: 'tool', tool: 't', options: {} } as GraphRequest, 'UNKNOWN_TOOL'],
  ])('are refused: %s', async (_name, request, code) => {
    const { calls, made } = visitOf({});
    expect(await calls.call(request, noTool)).toMatchObject({ kind: 'failed', error: { code } });
    expect(made).toEqual([]);
  });

  it('get no result that a signal could not carry', async () => {
    const { calls } = visitOf({}, 'x'.repeat(1_400_000));
    expect(await calls.call(handler(), noTool)).toMatchObject({ kind: 'failed', error: { code: 'PAYLOAD_TOO_LARGE' } });
  });
});

describe('what a graph tells of its nodes', () => {
  const told = { node: 'n', input: 1, output: 2, error: null, started_at: '2026-01-01T00:00:00Z' };
  const base = { node: 'g~2~n', visit: 1, step: 1, item: null, type: 'graph_node', status: 'completed' };
  const now = '2026-01-02T03:04:05.000Z';
  const rowsOf = (...visits: unknown[]) => {
    const { calls, rows } = visitOf({});
    calls.ended(visits);
    return rows;
  };

  it('is a row of what it may say, and of nothing else', () => {
    const more = { approval_id: 'x', child_execution_id: 'x', attempts: 'x', status: 'running', type: 't', step: 'x' };
    expect(rowsOf({ ...told, ...more, completed_at: '2026-01-01T00:00:01+00:00' })).toEqual([
      {
        ...{ ...base, input: 1, output: 2, error: null },
        ...{ started_at: '2026-01-01T00:00:00.000Z', completed_at: '2026-01-01T00:00:01.000Z' },
      },
    ]);
  });

  it.each(['x', null, 7, '2026-13-01T00:00:00Z', '0000-01-01T00:00:00Z', { toString: 1 }])(
    'ended now, where its time is none: %j',
    (at) => {
      expect(rowsOf({ ...told, started_at: at })).toMatchObject([{ started_at: now, completed_at: now }]);
    },
  );

  it('can be written in any zone', () => {
    const [row] = rowsOf({ ...told, started_at: '2026-01-01T12:00:00+23:59' });
    expect(row).toMatchObject({ started_at: '2025-12-31T12:01:00.000Z' });
  });

  it.each([null, 'x', 7, [], {}, { node: 1 }, { node: { toString: 1 } }])('is left out: %j', (visit) => {
    expect(rowsOf(visit, told)).toEqual([expect.objectContaining({ node: 'g~2~n', visit: 1 })]);
  });

  it.each<[unknown, object]>([
    ['x', { code: 'GRAPH_FAILED', attempts: 1, details: {} }],
    [
      { code: 7, message: {}, attempts: 1.5, details: [] },
      { code: 'GRAPH_FAILED', attempts: 1, details: {} },
    ],
    [
      { code: 'OWN', message: 'half \ud800', attempts: 2, details: { a: '\0' } },
      { code: 'OWN', message: 'half \ufffd', attempts: 2, details: { a: '\ufffd' } },
    ],
    [{ code: 'OWN', message: '', details: { a: 'x'.repeat(70_000) } }, { details: { truncated: true, bytes: 70_008 } }],
    [{ code: 'OWN', message: '', details: { a: deep(2_000) } }, { details: { truncated: true, bytes: 4_010 } }],
  ])('fails with an error that can be stored: %#', (error, stored) => {
    expect(rowsOf({ ...told, error })).toEqual([
      expect.objectContaining({
        status: 'failed',
        error: expect.objectContaining({ node: 'g~2~n', visit: 1, ...stored }),
      }),
    ]);
  });

  it('shows nothing that is deeper than what can be written', () => {
    expect(rowsOf({ ...told, input: deep(2_000), output: undefined })).toMatchObject([
      { input: { truncated: true }, output: null },
    ]);
  });
});
