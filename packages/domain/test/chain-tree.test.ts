import { describe, expect, it } from '@jest/globals';
import { chainTree, MOST_BRANCHES, type PublishedWorkflow, type WorkflowDefinition } from '../src/index.js';

const workflow = (id: string, ...nodes: object[]): PublishedWorkflow => ({
  id,
  version: 1,
  definition: {
    schema: 'agf/workflow/v1',
    name: id,
    nodes: nodes.map((node, i) => ({ id: `n${String(i)}`, ...node })) as WorkflowDefinition['nodes'],
    edges: [],
  },
});
const tool = (name: string) => ({ type: 'tool', tool: name, arguments: {} });
const child = (name: string) => ({ type: 'workflow', workflow: name, input: {} });

describe('the chain tree', () => {
  const agents = new Map([['a1', { name: 'writer', tools: ['search', 'mail'] }]]);
  const published = [
    workflow('top', child('middle'), tool('other')),
    workflow('middle', child('leaf'), { type: 'agent', agent: 'writer', input: {} }),
    workflow('leaf', tool('load'), { type: 'function', handler: 'h', task_queue: 'q', input: {} }),
  ];

  it('goes up to who is called by nobody, and down to tools', () => {
    expect(chainTree('workflow:middle', published, agents)).toEqual({
      callers: [{ key: 'workflow:top', branches: [] }],
      callees: [
        {
          key: 'agent:a1',
          branches: [
            { key: 'tool:mail', branches: [] },
            { key: 'tool:search', branches: [] },
          ],
        },
        {
          key: 'workflow:leaf',
          branches: [
            { key: 'tool:function.h.q', branches: [] },
            { key: 'tool:load', branches: [] },
          ],
        },
      ],
      truncated: false,
    });
  });

  it('of a tool goes up alone, through every way', () => {
    const above = { key: 'workflow:middle', branches: [{ key: 'workflow:top', branches: [] }] };
    expect(chainTree('tool:search', published, agents)).toMatchObject({
      callers: [{ key: 'agent:a1', branches: [above] }],
      callees: [],
    });
  });

  it('has nothing of what nobody calls', () => {
    expect(chainTree('tool:nobodys', published, agents)).toEqual({ callers: [], callees: [], truncated: false });
  });

  it('takes the tools that a node leaves its agent, and those that undo', () => {
    const node = {
      type: 'agent',
      agent: 'a1',
      input: {},
      tools: ['mail'],
      compensate: { tool: 'undo', arguments: {} },
    };
    expect(chainTree('workflow:w', [workflow('w', node)], agents).callees).toEqual([
      { key: 'agent:a1', branches: [{ key: 'tool:mail', branches: [] }] },
      { key: 'tool:undo', branches: [] },
    ]);
  });

  it('ends where a workflow is above itself', () => {
    const ring = [workflow('x', child('y')), workflow('y', child('x'))];
    expect(chainTree('workflow:x', ring, agents)).toEqual({
      callers: [{ key: 'workflow:y', branches: [] }],
      callees: [{ key: 'workflow:y', branches: [] }],
      truncated: false,
    });
  });

  it('says when it leaves something out', () => {
    const wide = workflow('wide', ...Array.from({ length: MOST_BRANCHES + 1 }, (_, i) => tool(`t${String(i)}`)));
    const { callees, truncated } = chainTree('workflow:wide', [wide], agents);
    expect([callees.length, truncated]).toEqual([MOST_BRANCHES, true]);
  });
});
