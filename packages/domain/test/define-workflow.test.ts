import { describe, expect, it } from '@jest/globals';
import {
  cel,
  compileExpression,
  defineWorkflow,
  END,
  handlersOf,
  type Json,
  type JsonObject,
  type KnowsTypes,
  START,
  typed,
  typedSignal,
  typedTool,
  validateDefinition,
  type WorkflowBuilder,
} from '../src/index.js';
import type { Names } from '../src/definition/code/shape.js';
import { catalog, errorsOf } from './definition-fixtures.js';

interface Row {
  id: string;
  amount: number;
  tags: string[];
  note?: string;
}
interface Handlers {
  score: KnowsTypes<{ row: Row; strict?: boolean }, number>;
  load: KnowsTypes<{ source: string }, Row[]>;
  anything: KnowsTypes<unknown, unknown>;
}
const own = handlersOf<Handlers>('agf-nodes-risk');
const profile = typedTool('csv_profile', {
  input_schema: { type: 'object', properties: { source: { type: 'string' } }, required: ['source'] },
  output_schema: { type: 'object', properties: { rows: { type: 'integer' } }, required: ['rows'] },
});
const load = typedTool<{ source: string; table: string }, { loaded: number }>('table_load');

const started = () =>
  defineWorkflow('risk')
    .input({
      type: 'object',
      properties: { source: { type: 'string' }, limit: { type: 'number' } },
      required: ['source'],
    })
    .channel('profile', {
      schema: { type: 'object', properties: { rows: { type: 'integer' } }, required: ['rows'] },
    })
    .channel('rows', typed<Row[]>({ schema: { type: 'array' } }))
    .channel('scores', { schema: { type: 'array', items: { type: 'number' } }, reducer: 'append' })
    .channel('total', { reducer: 'sum' })
    .channel('name', { schema: { type: 'string' } })
    .channel('free')
    .gate('publish', { trigger_condition: ($) => $.privilege_level.ge(3).and($.state.total.gt(10)) });

describe('defineWorkflow, typed', () => {
  it('writes a definition that parses and compiles', () => {
    const built = started()
      .node('profile', {
        type: 'tool',
        tool: profile,
        arguments: ($) => ({ source: $.input.source }),
        output: 'profile',
        on_error: 'fix',
      })
      .node('rows', {
        type: 'function',
        handler: own('load'),
        arguments: { source: cel('input.source') },
        output: 'rows',
      })
      .forEach(
        'score',
        { source: 'rows', items: ($) => $.state.rows.filter((row) => row.amount.gt(0)), max_concurrency: 4 },
        {
          type: 'function',
          handler: own('score'),
          arguments: ($) => ({ row: $.item, strict: true }),
          outputs: ($) => ({ scores: $.result, total: $.result.times(2) }),
        },
      )
      .node('load', {
        type: 'tool',
        tool: load,
        arguments: ($) => ({ source: $.input.source, table: 'cars' }),
        outputs: ($) => ({ total: $.result.loaded }),
        gate: 'publish',
        on_open: 'CONTINUE',
        compensate: {
          tool: 'table_load',
          arguments: ($) => ({ source: $.input.source, table: $.result.loaded.text() }),
        },
      })
      .node('fix', { type: 'transform', set: ($) => ({ name: $.state.error.code, total: 0, scores: 1 }) })
      .edge(START, 'profile')
      .edge('profile', 'rows', { condition: ($) => $.state.profile.rows.gt(0) })
      .edge('profile', END, { otherwise: true })
      .edge('score', 'load')
      .edge('load', END)
      .edge('fix', END)
      .output(($) => ({ total: $.state.total, rows: $.state.rows.size() }))
      .build();
    expect(built.nodes).toEqual([
      {
        id: 'profile',
        type: 'tool',
        tool: 'csv_profile',
        arguments: { source: { cel: 'input.source' } },
        output: 'profile',
        on_error: 'fix',
      },
      {
        id: 'rows',
        type: 'function',
        handler: 'load',
        task_queue: 'agf-nodes-risk',
        arguments: { source: { cel: 'input.source' } },
        output: 'rows',
      },
      {
        id: 'score',
        type: 'function',
        handler: 'score',
        task_queue: 'agf-nodes-risk',
        arguments: { row: { cel: 'item' }, strict: true },
        outputs: { scores: 'result', total: 'result * 2' },
      },
      {
        id: 'load',
        type: 'tool',
        tool: 'table_load',
        arguments: { source: { cel: 'input.source' }, table: 'cars' },
        outputs: { total: 'result.loaded' },
        gate: 'publish',
        on_open: 'CONTINUE',
        compensate: {
          tool: 'table_load',
          arguments: { source: { cel: 'input.source' }, table: { cel: 'string(result.loaded)' } },
        },
      },
      { id: 'fix', type: 'transform', set: { name: { cel: 'state.error.code' }, total: 0, scores: 1 } },
    ]);
    expect(built.edges.slice(0, 3)).toEqual([
      {
        source: 'rows',
        target: 'score',
        for_each: 'state.rows.filter(each1, each1.amount > 0)',
        max_concurrency: 4,
      },
      { source: 'START', target: 'profile' },
      { source: 'profile', target: 'rows', condition: 'state.profile.rows > 0' },
    ]);
    expect(built.hitl_gates?.['publish']?.trigger_condition).toBe('(privilege_level >= 3) && (state.total > 10)');
    expect(errorsOf(validateDefinition(built, catalog).findings)).toEqual([]);
  });

  it('knows the types of a definition: another one calls it by them', () => {
    const child = defineWorkflow('child')
      .input(typed<Row>({ type: 'object' }))
      .node('a', { type: 'compensate' })
      .edge(START, 'a')
      .edge('a', END)
      .output(($) => ({ id: $.input.id, twice: $.input.amount.times(2), fixed: true }))
      .build();
    const parent = started()
      .node('call', {
        type: 'workflow',
        workflow: child,
        input: ($) => ({ id: $.input.source, amount: 1.5, tags: ['a'] }),
        outputs: ($) => ({ name: $.result.id, total: $.result.twice }),
      })
      .node('bank', {
        type: 'wait',
        signal: typedSignal<{ iban: string }>('bank'),
        outputs: ($) => ({ name: $.result.iban }),
      })
      .edge(START, 'call')
      .edge('call', 'bank')
      .edge('bank', END)
      .build();
    expect(parent.nodes).toEqual([
      {
        id: 'call',
        type: 'workflow',
        workflow: 'child',
        input: { id: { cel: 'input.source' }, amount: 1.5, tags: ['a'] },
        outputs: { name: 'result.id', total: 'result.twice' },
      },
      { id: 'bank', type: 'wait', signal: 'bank', outputs: { name: 'result.iban' } },
    ]);
    // @ts-expect-error: the child needs an amount
    started().node('b', { type: 'workflow', workflow: child, input: { id: 'x', tags: [] } });
    // @ts-expect-error: `twice` is a number, the channel takes texts
    started().node('b', { type: 'workflow', workflow: child, outputs: ($) => ({ name: $.result.twice }) });
    // @ts-expect-error: an object is no text
    started().node('b', { type: 'workflow', workflow: child, output: 'name' });
  });

  it('types all kinds of nodes', () => {
    const agent = started().node('a', {
      type: 'agent',
      agent: 'clerk',
      prompt: ($) => $.input.source.plus('?'),
      response_schema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      outputs: ($) => ({ total: $.result.n }),
      output: 'free',
    });
    agent
      .node('g', {
        type: 'gate',
        gate: 'publish',
        payload: ($) => ({ rows: $.state.rows }),
        outputs: ($) => ({ name: $.result.approval_id }),
      })
      .node('w', { type: 'wait', seconds: ($) => $.state.total.times(60) })
      .node('u', { type: 'wait', until: '2030-01-01T00:00:00Z' })
      .node('s', { type: 'wait', signal: 'plain', timeout_seconds: 5, output: 'free' })
      .node('c', { type: 'compensate' })
      .node('f', { type: 'fail', code: 'TOO_MUCH', message: ($) => $.state.total.text().plus(' is too much') });
    started().node('a', {
      type: 'agent',
      agent: 'c',
      prompt: 'x',
      response_schema: { type: 'object', properties: { n: {} } },
      // @ts-expect-error: the answer has no such member
      outputs: ($) => ({ total: $.result.m }),
    });
    // @ts-expect-error: a number is no prompt
    started().node('a', { type: 'agent', agent: 'clerk', prompt: ($) => $.state.total });
    // @ts-expect-error: there is no such gate
    started().node('g', { type: 'gate', gate: 'other' });
    // @ts-expect-error: a gate node needs one
    started().node('g', { type: 'gate' });
    // @ts-expect-error: a text is no time
    started().node('w', { type: 'wait', seconds: ($) => $.input.source });
    // @ts-expect-error: it waits for one thing
    started().node('w', { type: 'wait' });
    // @ts-expect-error: it needs a message
    started().node('f', { type: 'fail', code: 'X' });
    // @ts-expect-error: it has no such member
    started().node('c', { type: 'compensate', tool: 'x' });
    expect(agent.edge(START, 'a').edge('a', END).build().nodes).toHaveLength(7);
  });
});

/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- what is refused has no type */
describe('what the types refuse', () => {
  const builder = started().node('first', { type: 'compensate' });

  it('arguments', () => {
    // @ts-expect-error: `source` is missing
    started().node('p', { type: 'tool', tool: profile, arguments: {} });
    // @ts-expect-error: a number is no text
    started().node('p', { type: 'tool', tool: profile, arguments: { source: 1 } });
    // @ts-expect-error: nor is an expression that gives one
    started().node('p', { type: 'tool', tool: profile, arguments: ($) => ({ source: $.state.total }) });
    // @ts-expect-error: the tool takes no such argument
    started().node('p', { type: 'tool', tool: profile, arguments: { source: 'x', other: 1 } });
    // @ts-expect-error: there is no such handler
    own('scor');
    // @ts-expect-error: a row has an id
    started().node('p', { type: 'function', handler: own('score'), arguments: { row: { amount: 1, tags: [] } } });
    // @ts-expect-error: there is an item in a for-each alone
    started().node('p', { type: 'function', handler: own('score'), arguments: ($) => ({ row: $.item }) });
    builder.forEach(
      'p',
      { source: 'first', items: ($) => $.state.scores },
      // @ts-expect-error: a number is no row
      { type: 'function', handler: own('score'), arguments: ($) => ({ row: $.item }) },
    );
    // What says nothing of its types takes and gives anything.
    started().node('p', { type: 'function', handler: own('anything'), arguments: { x: [1] }, output: 'name' });
    started().node('p', {
      type: 'tool',
      tool: 'other',
      arguments: ($) => ({ a: $.state.free.at('b') }),
      output: 'name',
    });
  });

  it('channels', () => {
    // @ts-expect-error: rows are no text
    started().node('p', { type: 'function', handler: own('load'), output: 'name' });
    // @ts-expect-error: there is no such channel
    started().node('p', { type: 'function', handler: own('load'), output: 'nam' });
    // @ts-expect-error: nor there
    started().node('p', { type: 'transform', set: { nam: 'x' } });
    // @ts-expect-error: a number is no text
    started().node('p', { type: 'transform', set: { name: 1 } });
    // @ts-expect-error: nor is an expression that gives one
    started().node('p', { type: 'transform', set: ($) => ({ name: $.state.total.plus(1) }) });
    // @ts-expect-error: the channel sums numbers
    started().node('p', { type: 'transform', set: { total: 'x' } });
    // A list is appended, and so is one of its items.
    started().node('p', { type: 'transform', set: { scores: [1, 2] } });
    started().node('p', { type: 'transform', set: { scores: 1 } });
    // @ts-expect-error: but no text
    started().node('p', { type: 'transform', set: { scores: 'x' } });
  });

  it('expressions', () => {
    // @ts-expect-error: the state has no such channel
    builder.edge('first', END, { condition: ($) => $.state.nam.eq('x') });
    // @ts-expect-error: the channel has no such member
    builder.edge('first', END, { condition: ($) => $.state.profile.row.gt(0) });
    // @ts-expect-error: a text is no number
    builder.edge('first', END, { condition: ($) => $.state.profile.rows.gt('0') });
    // @ts-expect-error: nothing is greater than a text but a text
    builder.edge('first', END, { condition: ($) => $.state.name.gt(0) });
    // @ts-expect-error: a number is no condition
    builder.edge('first', END, { condition: ($) => $.state.total });
    // @ts-expect-error: a number is no list
    builder.edge('first', END, { for_each: ($) => $.state.total });
    // @ts-expect-error: an input has no such member
    builder.output(($) => $.input.sourc);
    // @ts-expect-error: in a gate's condition there is no tenant
    builder.gate('x', { trigger_condition: ($) => $.tenant_id.eq('x') });
  });

  it('nodes and gates', () => {
    // @ts-expect-error: there is no such node
    builder.edge('first', 'second');
    // @ts-expect-error: nor there
    builder.join(['first', ['second']], END);
    // @ts-expect-error: the name is taken
    builder.node('first', { type: 'compensate' });
    // @ts-expect-error: there is no such gate
    builder.node('x', { type: 'tool', tool: 't', gate: 'publis' });
    const wanting = started()
      .node('p', { type: 'tool', tool: 't', on_error: 'fix', on_open: 'CONTINUE' })
      .edge(START, 'p')
      .edge('p', END);
    // @ts-expect-error: `fix` was never declared
    wanting.build();
    const whole = wanting.node('fix', { type: 'transform', set: {} }).edge('fix', END).build();
    expect(whole.nodes).toHaveLength(2);
  });
});

/* eslint-enable */

describe('a typed expression', () => {
  const scope: JsonObject = {
    input: { source: 's', limit: 2 },
    state: {
      rows: [
        { id: 'a', amount: 3, tags: ['x'] },
        { id: 'b', amount: -1, tags: [], 'odd key': 7, size: 9 },
      ],
      scores: [1, 2, 3],
      total: 4,
      name: null,
      profile: { rows: 3 },
      free: { a: { b: 'deep' }, in: 5 },
    },
    tenant_id: 't',
  };
  type $ = ReturnType<typeof started> extends WorkflowBuilder<infer S> ? Names<S> : never;
  const textOf = (write: ($: $) => unknown): string => {
    const { output } = started()
      .node('a', { type: 'compensate' })
      .edge(START, 'a')
      .edge('a', END)
      .output(write)
      .build();
    return (output as { cel: string }).cel;
  };
  const evaluated = (write: ($: $) => unknown): Json =>
    compileExpression(textOf(write), { variables: ['input', 'state', 'tenant_id', 'execution'] }).evaluate(scope);

  it.each<[string, ($: $) => unknown, string, Json]>([
    ['brackets', ($) => $.state.total.plus(1).times(2), '(state.total + 1) * 2', 10],
    ['not', ($) => $.state.total.gt(1).not(), '!(state.total > 1)', false],
    ['a literal', ($) => $.input.source.eq('s"\n'), 'input.source == "s\\"\\n"', false],
    ['a negative one', ($) => $.state.total.minus(-1), 'state.total - (-1)', 5],
    ['in', ($) => $.input.source.in(['s', 't']), 'input.source in ["s", "t"]', true],
    [
      'choose',
      ($) => $.state.total.lt(3).choose('low', $.input.source),
      '(state.total < 3) ? "low" : input.source',
      's',
    ],
    [
      'orElse',
      ($) => $.state.name.orElse('none'),
      'has(state.name) && state.name != null ? state.name : "none"',
      'none',
    ],
    ['present', ($) => $.input.limit.present(), 'has(input.limit)', true],
    [
      'nested macros',
      ($) => $.state.rows.filter((row) => row.tags.exists((tag) => tag.eq(row.id).not())).map((row) => row.id),
      'state.rows.filter(each1, each1.tags.exists(each2, !(each2 == each1.id))).map(each1, each1.id)',
      ['a'],
    ],
    ['has', ($) => $.state.scores.has(2), '2 in state.scores', true],
    ['size', ($) => $.state.rows.size().plus($.state.scores.at(0)), 'size(state.rows) + state.scores[0]', 3],
    ['a reserved member', ($) => $.state.free.at('in'), 'state.free["in"]', 5],
    [
      'an object',
      ($) => $.state.scores.map((n) => ({ n, half: n.dividedBy(2) })),
      'state.scores.map(each1, {"n": each1, "half": each1 / 2})',
      [
        { n: 1, half: 0.5 },
        { n: 2, half: 1 },
        { n: 3, half: 1.5 },
      ],
    ],
    ['text', ($) => $.state.scores.json().plus($.input.source), 'json(state.scores) + input.source', '[1,2,3]s'],
    [
      'a template',
      ($) => cel`${$.state.total} * 2 + ${$.state.total.plus(1)} + ${-1}`,
      'state.total * 2 + (state.total + 1) + (-1)',
      12,
    ],
    ['untyped members', ($) => $.state.free.at('a').at('b'), 'state.free.a.b', 'deep'],
  ])('writes %s', (_name, write, text, value) => {
    expect(textOf(write)).toBe(text);
    expect(evaluated(write)).toEqual(value);
  });

  it('refuses what cannot stand in one', () => {
    expect(() => textOf(($) => $.state.total.plus(Number.NaN))).toThrow('NaN cannot stand in an expression');
    expect(() => textOf(($) => $.state.total.plus(1).present())).toThrow(TypeError);
  });
});
