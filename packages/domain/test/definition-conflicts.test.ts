import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EdgeDefinition, type JsonObject, type WorkflowDefinition, validateDefinition } from '../src/index.js';
import { catalog, graph, writesX } from './definition-fixtures.js';

const conflicts = (definition: unknown): string[][] =>
  validateDefinition(definition, catalog)
    .findings.filter(({ rule }) => rule === 'STATE_CONFLICT')
    .map(({ message }) => (message.match(/\b\w\w?\b(?= and| can)/g) ?? []).slice(0, 2).sort());
const writers = (...ids: string[]): Record<string, JsonObject> => Object.fromEntries(ids.map((id) => [id, writesX]));

describe('two writers of one channel', () => {
  it.each<[string, string, string[], Record<string, JsonObject>?]>([
    ['one after the other', 'START>a a>b b>END', ['a', 'b']],
    ['two conditional branches', 'START>a? START>b! a>END b>END', ['a', 'b']],
    ['conditional branches of different lengths', 'START>s s>a? s>b! b>c c>a a>d d>END', ['a', 'b', 'c', 'd']],
    ['a branch and its error handler', 'START>a a>b a>c b>END c>END h>END', ['b', 'h'], { a: { on_error: 'h' } }],
    ['parallel branches in different steps', 'START>a START>b b>c a>END c>END', ['a', 'c']],
    ['what follows a join of unequal branches', 'START>a START>b b>c a+c>d d>e e>f f>END', ['d', 'e', 'f']],
    ['conditions after a join', 'START>a START>b a+b>c c>d? c>e! d>f f>e e>g g>END', ['d', 'e', 'f', 'g']],
    ['conditions after an equal diamond', 'START>a START>b a>c b>c c>d? c>e! d>f f>e e>g g>END', ['d', 'e', 'f', 'g']],
    ['conditions inside one branch', 'START>a START>b a>c? a>d! c>e e>d d>f b+f>END', ['c', 'd', 'e', 'f']],
    ['a join of one of two', 'START>a START>s s>b? s>c! a+b|c>d d>e e>END', ['b', 'c', 'd', 'e']],
    ['a loop', 'START>a a>b b>a? b>c! c>END', ['a', 'b', 'c']],
    ['a loop around a fork and its join', 'START>a a>b a>c b+c>d d>a? d>END!', ['a', 'd']],
    ['a for-each and what follows it', 'START*a a>b b>c c>END', ['b', 'c']],
  ])('is fine in %s', (_, edges, ids, nodes = {}) => {
    const all = { ...writers(...ids), ...nodes };
    for (const id of ids) all[id] = { ...writesX, ...nodes[id] };
    expect(conflicts(graph(edges, all))).toEqual([]);
  });

  it.each<[string, string, [string, string], string[]?]>([
    ['parallel branches', 'START>a START>b a>END b>END', ['a', 'b']],
    ['a plain edge beside a conditional one', 'START>a START>b? START>END! a>END b>END', ['a', 'b']],
    ['deeper in parallel branches', 'START>a START>b a>c b>d c>END d>END', ['c', 'd']],
    ['a branch that a condition may lengthen', 'START>a START>b a>c? a>d! c>d b>e e>END d>END', ['d', 'e']],
    ['a loop beside another branch', 'START>a START>b b>c c>b? c>END! a>d d>e e>f f>END', ['c', 'f']],
    ['a join of a part of the branches', 'START>a START>b START>c a+b>d c>e d>END e>END', ['d', 'e']],
    ['an unequal diamond run twice', 'START>a START>b b>c a>d c>d d>e e>END', ['d', 'e']],
    ['two joins of one source', 'START>a a>END START>b a+b>c b+a>d c>END d>END', ['c', 'd']],
    ['a handler beside a branch', 'START>a START>b a>END b>c c>END h>END', ['c', 'h']],
  ])('conflicts in %s', (_, edges, pair) => {
    const nodes: Record<string, JsonObject> = {
      ...writers(...pair),
      ...(edges.includes('h>') ? { a: { on_error: 'h' } } : {}),
    };
    expect(conflicts(graph(edges, nodes))).toContainEqual([...pair].sort());
  });

  it('does not concern other reducers, nor different channels', () => {
    const edges = 'START>a START>b a>END b>END';
    expect(conflicts(graph(edges, { a: { set: { list: 1 } }, b: { set: { list: 2 } } }))).toEqual([]);
    expect(conflicts(graph(edges, { a: { set: { x: 1 } }, b: { set: { y: 2 } } }, { y: {} }))).toEqual([]);
  });

  it('shows the way from START to one of the two', () => {
    const { findings } = validateDefinition(graph('START>s s>a s>b a>c b>d c>END d>END', writers('c', 'd')), catalog);
    expect(findings.find(({ rule }) => rule === 'STATE_CONFLICT')).toMatchObject({
      node: 'd',
      path: ['START', 's', 'b', 'd'],
      message: 'c and d can write channel x in the same step, after s sets off both',
    });
  });
});

/** Every pair of nodes that some choice of conditions brings into one step, by running all choices; undefined if too many. */
const together = ({ nodes, edges }: WorkflowDefinition): Set<string> | undefined => {
  const pairs = new Set<string>();
  const joins = edges.filter(({ source }) => Array.isArray(source));
  const groupsOf = (join: EdgeDefinition): string[][] =>
    (join.source as (string | string[])[]).map((group) => [group].flat());
  type Marking = { active: string[]; ended: string[][] };
  const seen = new Set<string>();
  const open: Marking[] = [{ active: ['START'], ended: joins.map(() => []) }];
  const outcomes = (id: string): string[][] => {
    const own = edges.filter(({ source }) => source === id);
    const always = own
      .filter((e) => e.condition === undefined && e.otherwise === undefined)
      .map(({ target }) => target);
    const choices = own
      .filter((e) => e.condition !== undefined || e.otherwise !== undefined)
      .map(({ target }) => [...always, target]);
    const handler = nodes.find((node) => node.id === id)?.on_error;
    return [...(choices.length > 0 ? choices : [always]), ...(handler === undefined ? [] : [['!', handler]])];
  };
  for (let marking = open.pop(); marking; marking = open.pop()) {
    let branches: { next: Set<string>; ended: string[][] }[] = [{ next: new Set(), ended: marking.ended }];
    for (const id of marking.active) {
      branches = branches.flatMap(({ next, ended }) =>
        outcomes(id).map((targets) => ({
          next: new Set([...next, ...targets.filter((target) => target !== '!')]),
          ended:
            targets[0] === '!'
              ? ended
              : ended.map((list, join) =>
                  groupsOf(joins[join]!).flat().includes(id) ? [...new Set([...list, id])] : list,
                ),
        })),
      );
    }
    for (const { next, ended } of branches) {
      const left = ended.map((list, join) => {
        const fires = groupsOf(joins[join]!).every((group) => group.some((id) => list.includes(id)));
        if (fires) next.add(joins[join]!.target);
        return fires ? [] : [...list].sort();
      });
      const active = [...next].filter((id) => id !== 'END').sort();
      const key = JSON.stringify([active, left]);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > 3000) return undefined;
      for (const a of active) for (const b of active) if (a < b) pairs.add(`${a}${b}`);
      open.push({ active, ended: left });
    }
  }
  return pairs;
};

describe('the analysis, against running every choice', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const from = fc.constantFrom('START', ...ids);
  const to = fc.constantFrom('END', ...ids);
  const anyEdge = fc.oneof(
    { weight: 5, arbitrary: fc.record({ source: from, target: to }) },
    { weight: 3, arbitrary: fc.record({ source: from, target: to, condition: fc.constant('input.ok == true') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        source: fc.uniqueArray(fc.constantFrom(...ids), { minLength: 2, maxLength: 3 }),
        target: to,
      }),
    },
  );
  const definitions = fc
    .tuple(fc.array(anyEdge, { minLength: 6, maxLength: 10 }), fc.constantFrom(...ids), fc.constantFrom(...ids))
    .map(([edges, failing, handler]): WorkflowDefinition => ({
      schema: 'agf/workflow/v1',
      name: 'random',
      state: { x: {} },
      nodes: ids.map((id) => ({
        id,
        type: 'transform',
        set: { x: 1 },
        ...(id === failing ? { on_error: handler } : {}),
      })),
      edges: edges,
    }));

  it('misses no pair that can happen, and rarely names one that cannot', () => {
    let exact = 0;
    let possible = 0;
    let cautious = 0;
    fc.assert(
      fc.property(definitions, (definition) => {
        const truth = together(definition);
        if (truth === undefined) return;
        const all = conflicts(definition).map((pair) => pair.join(''));
        if (truth.size > 0) possible += 1;
        if (truth.size === 0 && all.length > 0) cautious += 1;
        else exact += 1;
        // At most ten pairs of a channel are listed: then which ones is open.
        if (all.length < 10) expect(all).toEqual(expect.arrayContaining([...truth]));
      }),
      { numRuns: 1500, seed: 20 },
    );
    expect(possible).toBeGreaterThan(200);
    expect(cautious).toBeLessThan(exact / 20);
  });
});
