import { describe, expect, it } from '@jest/globals';
import { initialState, type JsonObject, type WorkflowDefinition } from '@aumos/agf-domain';
import { commitStart, commitStep } from '../src/workflow/plan/commit-step.js';
import { compilePlan } from '../src/workflow/plan/compile-plan.js';
import { firstBook } from '../src/workflow/plan/first-book.js';
import type { Bookkeeping, NodeResult, StepCommit } from '../src/workflow/plan/step.js';
import { TRAIL, edge, join, step, workflow } from './support/definitions.js';

const next = (commit: StepCommit): Bookkeeping => {
  if (commit.kind === 'failed') throw new Error(commit.error.code);
  return commit.book;
};
const done = (node: string, writes: JsonObject = {}, visit = 1): NodeResult => ({
  node,
  visits: [{ visit, item: null, outcome: { kind: 'done', writes: Object.entries(writes) } }],
});

describe('a step commit', () => {
  const begin = (definition: WorkflowDefinition) => {
    const plan = compilePlan(definition);
    const state = initialState(plan.channels);
    const book = next(commitStart(plan, {}, state, firstBook(state)));
    return { plan, state, book };
  };

  it('is the same in whatever order its nodes ended', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => step(id));
    const { plan, state, book } = begin(
      workflow({
        nodes,
        state: TRAIL,
        edges: [...['a', 'b', 'c'].map((id) => edge(`START > ${id}`)), join(['a', 'b', 'c'], 'd'), edge('d > END')],
      }),
    );
    const results = ['a', 'b', 'c'].map((id) => done(id, { trail: [id] }));
    const commits = [results, [...results].reverse()].map((order) => commitStep(plan, {}, state, book, order));
    expect(commits[0]).toEqual(commits[1]);
    expect(next(commits[0] as StepCommit).due).toEqual({ d: [{ visit: 1, item: null }] });
  });

  it('is plain JSON, so that a checkpoint can hold it in the middle of a join and of a fan-out', () => {
    const { plan, state, book } = begin(
      workflow({
        nodes: [step('a'), step('b'), step('w')],
        state: TRAIL,
        edges: [
          edge('START > a'),
          edge('a > w', { for_each: '[1, 2]' }),
          edge('a > b'),
          edge('w > END'),
          join(['a', 'b'], 'w'),
        ],
      }),
    );
    const after = next(commitStep(plan, {}, state, book, [done('a')]));
    expect(JSON.parse(JSON.stringify(after))).toEqual(after);
    expect(after).toMatchObject({
      step: 2,
      joins: { 0: [0] },
      visits: { a: 1, b: 1, w: 2 },
      due: {
        b: [{ visit: 1, item: null }],
        w: [
          { visit: 1, item: { edge: 1, index: 0, value: 1 } },
          { visit: 2, item: { edge: 1, index: 1, value: 2 } },
        ],
      },
    });
  });

  it('counts the state size as a bound, and exactly only near the limit', () => {
    const big = 'x'.repeat(3 * 1024 * 1024);
    const { plan, state, book } = begin(
      workflow({
        nodes: [step('a')],
        state: { v: {} },
        edges: [edge('START > a'), edge('a > a', { condition: 'true' }), edge('a > END', { otherwise: true })],
      }),
    );
    let [now, at] = [state, book];
    for (let visit = 1; visit <= 5; visit++) {
      const commit = commitStep(plan, {}, now, at, [done('a', { v: big }, visit)]);
      at = next(commit);
      now = { ...now, v: big };
    }
    expect(at.step).toBe(6);
    const refused = commitStep(plan, {}, now, at, [done('a', { v: [big, big, big] })]);
    expect(refused).toMatchObject({ kind: 'failed', error: { code: 'STATE_LIMIT', node: 'a' } });
  });

  it('plans 10,000 items quickly', () => {
    const { plan, state, book } = begin(
      workflow({
        nodes: [step('w')],
        state: { s: { reducer: 'append' } },
        edges: [edge('START > w'), edge('w > END')],
      }),
    );
    const visits: NodeResult['visits'] = Array.from({ length: 10_000 }, (_, i) => ({
      visit: i + 1,
      item: { edge: 0, index: i, value: i },
      outcome: { kind: 'done', writes: [['s', [i]]] },
    }));
    const began = performance.now();
    expect(commitStep(plan, {}, state, book, [{ node: 'w', visits }]).kind).toBe('next');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('takes both writes of a visit that writes a channel by output and by outputs', () => {
    const { plan, state, book } = begin(
      workflow({
        nodes: [step('a')],
        state: { s: { reducer: 'sum', schema: { maximum: 3 } } },
        edges: [edge('START > a'), edge('a > END')],
      }),
    );
    const taken = (...values: number[]) => {
      const writes = values.map((value) => ['s', value] as const);
      const visits = [{ visit: 1, item: null, outcome: { kind: 'done' as const, writes } }];
      const commit = commitStep(plan, {}, state, book, [{ node: 'a', visits }]);
      return commit.kind === 'failed'
        ? commit.error.code
        : commit.writes
            .get('a')
            ?.get('s')
            ?.map(({ value }) => value);
    };
    expect(taken(1, 2)).toEqual([1, 2]);
    expect(taken(2, 2)).toBe('STATE_SCHEMA');
  });
});
