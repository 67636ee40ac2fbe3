import { describe, expect, it } from '@jest/globals';
import { blastRadius, type BlastRadius, type JsonObject, type PublishedWorkflow } from '../src/index.js';
import { graph } from './definition-fixtures.js';

const load: JsonObject = { type: 'tool', tool: 'load' };
const agent: JsonObject = { type: 'agent', agent: 'writer', prompt: 'p' };
const child = (workflow: string, more: JsonObject = {}): JsonObject => ({ type: 'workflow', workflow, ...more });
const published = (name: string, edges: string, nodes: Record<string, JsonObject>, version = 1): PublishedWorkflow => {
  const definition = { ...graph(edges, nodes), name };
  return { id: `id-${name}`, version, definition: definition as unknown as PublishedWorkflow['definition'] };
};
const one = 'START>a a>END';
/** workflow@depth: node cause effect … */
const told = ({ workflows }: BlastRadius): string[] =>
  workflows.map(
    ({ workflow, depth, effect, nodes }) =>
      `${workflow}@${depth} ${effect}: ${nodes.map((n) => `${n.node} ${n.cause} ${n.effect}${n.handler ? ` ${n.handler}` : ''}`).join(', ')}`,
  );

describe('blastRadius', () => {
  it.each<[string, JsonObject, string]>([
    ['nothing', {}, 'w@0 stops: a tool fails'],
    ['on_open', { on_open: 'h', on_error: 'e' }, 'w@0 contained: a tool handled h'],
    ['on_error', { on_error: 'e' }, 'w@0 contained: a tool handled e'],
    ['CONTINUE', { on_open: 'CONTINUE', on_error: 'e' }, 'w@0 contained: a tool continues'],
  ])('of a tool whose node has %s', (_, more, expected) => {
    const w = published('w', 'START>a a>END h>END e>END', { a: { ...load, ...more } });
    expect(told(blastRadius('tool:load', [w, published('other', one, { a: { type: 'tool', tool: 'x' } })]))).toEqual([
      expected,
    ]);
  });

  it('tells how long a node first waits, and that items may be collected', () => {
    const w = published('w', 'START*a a>END', { a: { ...load, open_wait_seconds: 5 } });
    w.definition.edges[0]!.on_item_error = 'collect';
    expect(blastRadius('tool:load', [w])).toEqual({
      key: 'tool:load',
      starts_refused: [],
      refused_below: [],
      workflows: [
        {
          workflow_id: 'id-w',
          workflow: 'w',
          version: 1,
          depth: 0,
          effect: 'contained',
          nodes: [{ node: 'a', cause: 'tool', effect: 'collected', wait_seconds: 5 }],
        },
      ],
    });
  });

  it('includes compensations, which stop nothing, and the tools of agents, named or left to them', () => {
    const w = published('w', 'START>a a>b b>c c>END', {
      a: { type: 'tool', tool: 'x', compensate: { tool: 'load', arguments: {} } },
      b: { ...agent, tools: ['load'], on_open: 'c' },
      c: { ...agent, on_error: 'b' },
    });
    expect(told(blastRadius('tool:load', [w]))).toEqual([
      'w@0 contained: a compensation recorded, b agent_tool handled c',
    ]);
    const agents = new Map([['7', { name: 'writer', tools: ['load'] }]]);
    expect(told(blastRadius('tool:load', [w], agents))[0]).toContain('c agent_tool handled b');
  });

  it('finds a tool by the host that it is called at, and not one whose name begins alike', () => {
    const w = published('w', 'START>a a>b b>END', { a: load, b: { type: 'tool', tool: 'loader' } });
    expect(told(blastRadius('tool:load.example.com', [w]))).toEqual(['w@0 stops: a tool fails']);
  });

  it('finds an agent by id and by name', () => {
    const w = published('w', 'START>a a>b b>END', { a: agent, b: { ...agent, agent: '7' } });
    const agents = new Map([['7', { name: 'writer' }]]);
    expect(told(blastRadius('agent:7', [w], agents))).toEqual(['w@0 stops: a agent fails, b agent fails']);
    expect(told(blastRadius('agent:7', [w]))).toEqual(['w@0 stops: b agent fails']);
  });

  it('goes up through parents until one contains it', () => {
    const all = [
      published('top', one, { a: child('holds') }),
      published('holds', 'START>a a>END h>END', { a: child('middle', { on_error: 'h' }) }),
      published('middle', one, { a: child('low', { on_open: 'CONTINUE' }) }),
      published('low', one, { a: load }),
      published('aside', one, { a: child('low') }),
    ];
    expect(told(blastRadius('tool:load', all))).toEqual([
      'low@0 stops: a tool fails',
      // The refusal was the child's: the parent sees a failure, which on_open does not take.
      'aside@1 stops: a child_failed fails',
      'middle@1 stops: a child_failed fails',
      'holds@2 contained: a child_failed handled h',
    ]);
  });

  it("of a workflow's own breaker refuses its calls, its starts by parents, and the calls below it", () => {
    const all = [
      published('top', 'START>a a>END h>END', { a: child('w', { on_open: 'h' }) }),
      published('stops', one, { a: child('w') }),
      published('above', one, { a: child('stops') }),
      published('w', 'START>a a>b b>c c>END', { a: load, b: child('below'), c: { type: 'transform', set: {} } }),
      published('below', one, { a: child('deeper') }),
      published('deeper', one, { a: load }),
    ];
    const radius = blastRadius('workflow:id-w', all);
    expect(radius).toMatchObject({ starts_refused: ['w'], refused_below: ['below', 'deeper'] });
    expect(told(radius)).toEqual([
      'w@0 stops: a own_workflow fails, b own_workflow fails',
      'stops@1 stops: a child_refused fails',
      'top@1 contained: a child_refused handled h',
      'above@2 stops: a child_failed fails',
    ]);
  });

  it('ends with workflows that call one another, and keeps to the versions that are named', () => {
    const all = [
      published('a', 'START>n n>c c>END', { n: load, c: child('b', { max_depth: 3 }) }),
      published('b', one, { a: child('a', { max_depth: 3 }) }),
      published('old', one, { a: child('v', { version: 1 }) }),
      published('new', one, { a: child('v') }),
      published('v', one, { a: load }, 1),
      published('v', one, { a: { type: 'tool', tool: 'x' } }, 2),
    ];
    expect(told(blastRadius('tool:load', all))).toEqual([
      'a@0 stops: n tool fails, c child_failed fails',
      'v@0 stops: a tool fails',
      'b@1 stops: a child_failed fails',
      'old@1 stops: a child_failed fails',
    ]);
  });

  it('is linear', () => {
    const chain = (count: number): PublishedWorkflow[] =>
      Array.from({ length: count }, (_, i) => published(`w${i}`, one, { a: i === 0 ? load : child(`w${i - 1}`) }));
    expect(blastRadius('tool:load', chain(3_000)).workflows.at(-1)).toMatchObject({ workflow: 'w2999', depth: 2_999 });
  });
});
