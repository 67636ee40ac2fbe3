import { type FunctionNode, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';

/** Who runs a node's handler, or that there is none: a transform. */
export type Place = 'local' | 'inline';

const add = (id: string, place: Place, n: string): NodeDefinition => {
  if (place === 'inline') return { id, type: 'transform', set: { n: { cel: `${n} + 1` } } };
  const node: FunctionNode = { id, type: 'function', handler: 'bench_add_one', placement: 'local' };
  return { ...node, arguments: { n: { cel: n } }, output: 'n' };
};

/** So many nodes in a row, each of which adds one to what the one before it left in `n`. */
export function chainOf(length: number, place: Place, name: string): WorkflowDefinition {
  const ids = Array.from({ length }, (_, index) => `n${String(index)}`);
  return {
    schema: 'agf/workflow/v1',
    name,
    input: { type: 'object', properties: {} },
    state: { n: { schema: { type: 'integer' }, default: 0 } },
    nodes: ids.map((id) => add(id, place, 'state.n')),
    edges: [...ids, 'END'].map((target, index) => ({ source: ids[index - 1] ?? 'START', target })),
    output: { cel: 'state.n' },
    limits: { max_steps: length + 10 },
  };
}

/** One node for each of `input.items`, all at once, and one that joins them. */
export const fanoutOf = (name: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  input: { type: 'object', properties: { items: { type: 'array' } }, required: ['items'] },
  state: { n: { schema: { type: 'integer' }, reducer: 'sum', default: 0 } },
  nodes: [
    { id: 'begin', type: 'transform', set: {} },
    add('leaf', 'local', 'item'),
    { id: 'join', type: 'transform', set: {} },
  ],
  edges: [
    { source: 'START', target: 'begin' },
    { source: 'begin', target: 'leaf', for_each: 'input.items' },
    { source: 'leaf', target: 'join' },
    { source: 'join', target: 'END' },
  ],
  output: { cel: 'state.n' },
});
