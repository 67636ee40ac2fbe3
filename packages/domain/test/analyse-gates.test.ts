import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyseGates, type GatedCall, type JsonObject, type WorkflowDefinition } from '../src/index.js';
import { draftOf } from '../src/definition/draft.js';
import { flowOf } from '../src/definition/graph/flow.js';
import { reachFromStart } from '../src/definition/graph/reach.js';
import { catalog, graph } from './definition-fixtures.js';

const gate: JsonObject = { type: 'gate', gate: 'ask' };
const load: JsonObject = { type: 'tool', tool: 'table_load', arguments: { cel: 'input' } };
const wipe: JsonObject = { type: 'tool', tool: 'wipe', arguments: {} };
const analysed = (edges: string, nodes: Record<string, JsonObject>, gates: JsonObject = {}): GatedCall[] => {
  const definition = { ...graph(edges, nodes), hitl_gates: { ask: { gate_name: 'ask' }, ...gates } };
  return analyseGates(definition as unknown as WorkflowDefinition, catalog).calls;
};
const waived = (name: string, condition: string): JsonObject => ({
  [name]: { gate_name: name, trigger_condition: condition },
});

describe('the gate of a call itself', () => {
  it.each<[string, JsonObject, JsonObject, Partial<GatedCall>]>([
    [
      'the platform',
      load,
      {},
      { own_gate: { kind: 'platform', name: 'platform', asks: 'always', approvals_required: 1 } },
    ],
    [
      'the default one',
      load,
      { default: { gate_name: 'default', approvals_required: 3 } },
      { own_gate: { kind: 'default', name: 'default', asks: 'always', approvals_required: 3 } },
    ],
    [
      'its own',
      { ...load, gate: 'ask' },
      {},
      { own_gate: { kind: 'node', name: 'ask', asks: 'always', approvals_required: 1 } },
    ],
    [
      'one that the state decides',
      { ...load, gate: 'some' },
      waived('some', 'state.x == 1'),
      {
        own_gate: { kind: 'node', name: 'some', asks: 'depends', approvals_required: 1 },
        approval: 'none',
        path: ['START', 'a'],
      },
    ],
    [
      'one that never asks at level 3',
      { ...load, gate: 'high' },
      waived('high', 'privilege_level > 3'),
      {
        own_gate: { kind: 'node', name: 'high', asks: 'never', approvals_required: 1 },
        approval: 'none',
        path: ['START', 'a'],
      },
    ],
    [
      'one that nothing waives from level 4 on, with two deciders at 5',
      { ...wipe, gate: 'none' },
      waived('none', 'false'),
      { own_gate: { kind: 'node', name: 'none', asks: 'always', approvals_required: 2 }, approval: 'own_gate' },
    ],
  ])('is %s', (_, node, gates, expected) => {
    expect(analysed('START>a a>END', { a: node }, gates)).toEqual([expect.objectContaining(expected)]);
  });

  it('is asked about compensations too, at the level of their tool', () => {
    const node = { type: 'tool', tool: 'any', privilege_level: 2, compensate: { tool: 'wipe', arguments: {} } };
    expect(analysed('START>a a>END', { a: node })).toEqual([
      expect.objectContaining({ node: 'a', kind: 'compensation', callee: 'wipe', need: 5, approval: 'own_gate' }),
    ]);
  });

  it('is asked about each tool of an agent, and about no call below level 3 or out of reach', () => {
    const agent = { type: 'agent', agent: 'x', prompt: 'y', tools: ['any', 'wipe', 'table_load'] };
    const calls = analysed('START>a START>b a>END b>END c>END', {
      a: agent,
      b: { type: 'tool', tool: 'any' },
      c: wipe,
    });
    expect(calls.map(({ node, callee }) => [node, callee])).toEqual([
      ['a', 'wipe'],
      ['a', 'table_load'],
    ]);
  });
});

describe('gate nodes before a call whose own gate may not ask', () => {
  const open = { ...load, gate: 'open' };
  const never = waived('open', 'false');
  it.each<[string, string, Record<string, JsonObject>, string[], GatedCall['approval'], string[] | undefined]>([
    ['one on the only way', 'START>g g>a a>END', { g: gate }, ['g'], 'gate_node', undefined],
    ['one after another', 'START>g g>h h>a a>END', { g: gate, h: gate }, ['g', 'h'], 'gate_node', undefined],
    ['one on one of two ways', 'START>g? START>b! g>a b>a a>END', { g: gate }, [], 'none', ['START', 'b', 'a']],
    ['another one on each way', 'START>g? START>h! g>a h>a a>END', { g: gate, h: gate }, [], 'gate_node', undefined],
    [
      'one that was rejected',
      'START>g g>END a>END',
      { g: { ...gate, on_error: 'a' } },
      [],
      'none',
      ['START', 'g', 'a'],
    ],
    ['one on a branch of a join', 'START>g START>b g+b>a a>END', { g: gate }, ['g'], 'gate_node', undefined],
    [
      'one on a branch that a join does not need',
      'START>g START>b g|b+c>a START>c a>END',
      { g: gate },
      [],
      'none',
      ['START', 'c', 'a'],
    ],
    ['one inside a loop', 'START>g g>b b>g? b>a! a>END', { g: gate }, ['g'], 'gate_node', undefined],
    ['one only on the way back', 'START>a a>g? a>END! g>a', { g: gate }, [], 'none', ['START', 'a']],
  ])('%s', (_, edges, nodes, gates, approval, path) => {
    const [call] = analysed(edges, { ...nodes, a: { ...open } }, never);
    expect(call).toMatchObject({ node: 'a', gate_nodes: gates, approval });
    expect(call?.path).toEqual(path);
  });

  it('never stand in for a gate that asks', () => {
    expect(analysed('START>g g>a a>END', { g: gate, a: load })).toEqual([
      expect.objectContaining({ gate_nodes: ['g'], approval: 'own_gate' }),
    ]);
  });

  it('are those without which the call is not reached, on any graph', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const from = fc.constantFrom('START', ...ids);
    const anyEdge = fc.oneof(
      { weight: 4, arbitrary: fc.record({ source: from, target: fc.constantFrom(...ids) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          source: fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 2 }), {
            minLength: 2,
            maxLength: 3,
          }),
          target: fc.constantFrom(...ids),
        }),
      },
    );
    const shape = fc.tuple(
      fc.array(anyEdge, { minLength: 6, maxLength: 16 }),
      fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 2 }),
      fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 4 }),
    );
    let dominated = 0;
    fc.assert(
      fc.property(shape, ([edges, handlers, gates]) => {
        const nodes = ids.map((id) => ({
          id,
          ...(gates.includes(id) ? gate : open),
          ...Object.fromEntries(handlers.filter(([of]) => of === id).map(([, target]) => ['on_error', target])),
        }));
        const definition = { name: 'x', nodes, edges, hitl_gates: { ask: { gate_name: 'ask' }, open: never['open'] } };
        const flow = flowOf(draftOf(definition as unknown as JsonObject, new Set()));
        for (const { node, gate_nodes } of analyseGates(definition as unknown as WorkflowDefinition, catalog).calls) {
          const needed = gates.filter((id) => !reachFromStart(flow, (each) => each !== id).has(node));
          dominated += needed.length;
          expect([...gate_nodes].sort()).toEqual(needed.sort());
        }
      }),
      { numRuns: 2_000, seed: 7 },
    );
    expect(dominated).toBeGreaterThan(500);
  });
});
