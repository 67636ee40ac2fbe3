import { describe, expect, it } from '@jest/globals';
import type { FunctionNode, Json } from '@aumos/agf-domain';
import type { GraphRequest } from '../src/common/index.js';
import { callsOfGraph } from '../src/workflow/run/calls-of-graph.js';
import type { NodePlan } from '../src/workflow/plan/plan.js';
import type { Visit } from '../src/workflow/run/visit.js';

/** A visit of which only what a graph's calls touch is there. */
function visitOf(node: Partial<FunctionNode>, result: Json = null) {
  const made: { node: NodePlan['node']; visit: number }[] = [];
  const rows: { node: string; visit: number }[] = [];
  const visit = {
    run: {
      plan: { definition: { hitl_gates: { own: { gate_name: 'own' } } } },
      commands: { paused: false },
      ended: { overflows: false, add: (row: { node: string; visit: number }) => rows.push(row) },
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
    for (const node of ['n', 'n', 'sub.n', 'odd name/1']) await calls.call(handler({}, node), null);
    expect(made.map(({ node, visit }) => `${node.id}#${String(visit)}`)).toEqual([
      'g~2~n~h#1',
      'g~2~n~h#2',
      'g~2~sub.n~h#1',
      'g~2~odd-name-1~h#1',
    ]);
  });

  it('meet the level and the gate of their node, which they cannot lower', async () => {
    const { calls, made } = visitOf({ privilege_level: 4, gate: 'own' });
    await calls.call(handler({ privilege_level: 1, on_error: 'elsewhere', id: 'x', retry: { max_attempts: 1 } }), null);
    expect(made[0]?.node).toEqual({
      ...{ id: 'g~2~n~h', type: 'function', handler: 'h', output: '~result' },
      ...{ privilege_level: 4, gate: 'own', retry: { max_attempts: 1 } },
    });
  });

  it('end at a limit', async () => {
    const { calls, made } = visitOf({});
    for (let n = 0; n < 1_000; n++) await calls.call(handler(), null);
    expect(await calls.call(handler(), null)).toMatchObject({ kind: 'failed', error: { code: 'GRAPH_LIMIT' } });
    expect(made).toHaveLength(1_000);
  });

  it.each<[string, GraphRequest, string]>([
    ['a gate that is not declared', handler({ gate: 'none' }), 'UNKNOWN_GATE'],
    ['another graph', handler({ task_queue: 'agf-graphs-other' }), 'UNKNOWN_HANDLER'],
    ['a tool that is none', { ...handler(), kind: 'tool', tool: 't', options: {} } as GraphRequest, 'UNKNOWN_TOOL'],
  ])('are refused: %s', async (_name, request, code) => {
    const { calls, made } = visitOf({});
    expect(await calls.call(request, null)).toMatchObject({ kind: 'failed', error: { code } });
    expect(made).toEqual([]);
  });

  it('get no result that a signal could not carry', async () => {
    const { calls } = visitOf({}, 'x'.repeat(1_400_000));
    expect(await calls.call(handler(), null)).toMatchObject({ kind: 'failed', error: { code: 'PAYLOAD_TOO_LARGE' } });
  });
});
