import { describe, expect, it } from '@jest/globals';
import type { Json, WorkflowDefinition } from '@aumos/agf-domain';
import {
  beforeTheFirst,
  bookAt,
  diffStates,
  firstKept,
  goOn,
  type KeptStep,
  replacementIssues,
  resumePoint,
  stateAt,
  withState,
} from '../src/checkpoints/index.js';

const definition: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'steps',
  state: {
    last: { schema: { type: ['string', 'null'] } },
    log: { reducer: 'append', schema: { type: 'array', items: { type: 'string' } } },
    seen: { reducer: 'union' },
    total: { reducer: 'sum' },
    facts: { reducer: 'merge' },
    least: { reducer: 'min' },
    constructor: {},
  },
  nodes: [
    { id: 'a', type: 'transform', set: {} },
    { id: 'b', type: 'transform', set: {} },
  ],
  edges: [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'b', for_each: 'state.log', on_item_error: 'collect' },
    { source: 'b', target: 'END' },
  ],
};

const step = (number: number, writes: Record<string, Json[]>, due: KeptStep['due'] = {}): KeptStep => ({
  step: number,
  due,
  joins: {},
  ended: false,
  writes,
  base: null,
});
const visit = (number: number) => ({ visit: number, item: null });

const STEPS: KeptStep[] = [
  step(1, {}, { a: [visit(1)], constructor: [visit(1)] }),
  step(
    2,
    { last: ['x'], log: ['one', ['two', 'three']], total: [2, 3], facts: [{ k: 1, l: 1 }], seen: [1] },
    {
      b: [
        { visit: 1, item: { edge: 1, index: 0, value: 'one' } },
        { visit: 2, item: { edge: 1, index: 1, value: 'two' } },
      ],
    },
  ),
  {
    ...step(
      3,
      { last: ['y', 'z'], log: [['four']], errors: [{ code: 'E' }], seen: [[1, 2]], least: [4, 3] },
      { b: [visit(3)] },
    ),
    joins: { 0: [1] },
  },
  { ...step(4, { facts: [{ l: 2 }], constructor: [5], unknown: [1], error: [{ code: 'F' }] }), ended: true },
];
const INITIAL = {
  error: null,
  errors: [],
  last: null,
  log: [],
  seen: [],
  total: 0,
  facts: {},
  least: null,
  constructor: null,
};

describe('the state with which a step begins', () => {
  it('is the initial one at first', () => expect(stateAt(definition, STEPS, 1)).toEqual(INITIAL));

  it("is folded from every step's writes by the channels' reducers, the engine's own channels included", () => {
    expect(stateAt(definition, STEPS, 3)).toEqual({
      ...INITIAL,
      errors: [{ code: 'E' }],
      last: 'z',
      log: ['one', 'two', 'three', 'four'],
      total: 5,
      facts: { k: 1, l: 1 },
      seen: [1, 2],
      least: 3,
    });
    expect(stateAt(definition, STEPS, 4)).toMatchObject({
      facts: { k: 1, l: 2 },
      constructor: 5,
      error: { code: 'F' },
    });
    expect(stateAt(definition, STEPS, 4)).not.toHaveProperty('unknown');
  });

  it('is the same page by page', () => {
    let standing = beforeTheFirst(definition);
    for (const each of STEPS) standing = goOn(definition, standing, [each]);
    expect(standing).toEqual(goOn(definition, beforeTheFirst(definition), STEPS));
  });

  it('is found quickly after 100,000 writes to one list', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => step(i + 1, { log: Array.from({ length: 100 }, () => 'x') }));
    const started = performance.now();
    expect(stateAt(definition, many, 1_000)['log']).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the bookkeeping with which a step begins', () => {
  it('counts visits as they became due, and names what was written of what is declared', () => {
    expect(bookAt(definition, STEPS, 3)).toEqual({
      step: 3,
      due: { b: [visit(3)] },
      visits: { a: 1, b: 3, constructor: 1 },
      joins: { 0: [1] },
      ended: false,
      written: ['facts', 'last', 'least', 'log', 'seen', 'total'],
      stateBytes: Buffer.byteLength(JSON.stringify(stateAt(definition, STEPS, 3))),
    });
    expect(bookAt(definition, STEPS, 4)).toMatchObject({
      ended: true,
      due: {},
      written: ['constructor', 'facts', 'last', 'least', 'log', 'seen', 'total'],
    });
  });
});

describe('an execution that begins where another one stood', () => {
  const at3 = goOn(definition, beforeTheFirst(definition), STEPS.slice(0, 3));
  const changed = withState(at3, { log: ['new'], constructor: 1, error: { code: 'X' } }, definition.state);

  it('has its state, with the given channels past their reducers', () => {
    const point = resumePoint(changed, [{ node: 'b', visit: 3, result: 1 }]);
    expect(point.state).toEqual({ ...at3.state, log: ['new'], constructor: 1, error: { code: 'X' } });
    expect(point.book).toMatchObject({ step: 3, due: { b: [visit(3)] }, visits: { b: 3 } });
    expect(point.book.written).toContain('constructor');
    expect(point.book.written).not.toContain('error');
    expect(point.done).toEqual([{ node: 'b', visit: 3, result: 1 }]);
  });

  it('keeps a first step from which its own go on, whether that one is recorded again or not', () => {
    const kept = firstKept(changed);
    expect(kept).toMatchObject({ step: 3, writes: {}, joins: { 0: [1] } });
    const own = [kept, step(4, { log: ['five'] }, { a: [visit(2)] })];
    expect(stateAt(definition, own, 3)).toEqual(changed.state);
    expect(stateAt(definition, own, 4)['log']).toEqual(['new', 'five']);
    expect(bookAt(definition, own, 4).visits).toEqual({ a: 2, b: 3, constructor: 1 });
  });
});

describe('the difference of two states', () => {
  it('names channels whose values differ, by name', () => {
    const a = { same: { x: 1, y: [2] }, was: 1, changed: [1] };
    const b = { same: { y: [2], x: 1 }, added: 2, changed: [1, 2] };
    expect(diffStates(a, b)).toEqual([
      { channel: 'added', before: null, after: 2 },
      { channel: 'changed', before: [1], after: [1, 2] },
      { channel: 'was', before: 1, after: null },
    ]);
    expect(diffStates(a, a)).toEqual([]);
  });
});

describe('values given to channels', () => {
  it.each([
    ['what is no channel', { other: 1 }, 'unknown_channel', '/other'],
    ['what is inherited', { toString: 1 }, 'unknown_channel', '/toString'],
    ['one that the schema refuses', { last: 5 }, 'schema', '/last'],
    ['an item where the list belongs', { log: 'one' }, 'schema', '/log'],
    ['a list with a wrong item', { log: ['one', 2] }, 'schema', '/log/1'],
    ['a text for a sum', { total: 'x' }, 'schema', '/total'],
    ['a list for a merge', { facts: [] }, 'schema', '/facts'],
  ])('are refused for %s', (_, state, kind, pointer) => {
    expect(replacementIssues(definition, state as never)).toMatchObject([{ kind, pointer }]);
  });

  it('are taken where they fit, and each default, and the engine’s own', () => {
    const state = { last: null, log: ['a'], total: 3, least: null, facts: {}, error: null, errors: [] };
    expect(replacementIssues(definition, state)).toEqual([]);
  });
});
