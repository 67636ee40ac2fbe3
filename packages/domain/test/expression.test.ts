import { describe, expect, it } from '@jest/globals';
import {
  compileExpression,
  ExpressionCompileError,
  ExpressionError,
  type Json,
  SCOPE,
  type Scope,
} from '../src/runtime.js';

const VARIABLES = [...SCOPE.forEachOutputs];
const state = {
  n: 7,
  empty: null,
  list: [1, 2, 3],
  text: 'héllo 😀 x',
  profile: { rows: 406, 'dotted.name': 1, nothing: null, columns: [{ name: 'a' }, { name: 'b' }] },
};
const scope: Scope = { state, input: { source: 'artifact:1' }, item: { i: 2 }, index: 0, tenant_id: 't' };
const evaluate = (source: string, from: Scope = scope): Json =>
  compileExpression(source, { variables: VARIABLES }).evaluate(from);

describe('values', () => {
  it.each<[string, Json]>([
    ["{'profile': state.profile, 'issues': state.list}", { profile: state.profile, issues: [1, 2, 3] }],
    ['state.profile.rows > 0', true],
    ["['load refused']", ['load refused']],
    ['state.profile.columns.map(c, c.name)', ['a', 'b']],
    ["state.profile['dotted.name']", 1],
    ['state.list.filter(x, x > 1).size()', 2],
    ['state.list.exists_one(x, x == 2) && state.list.all(x, x > 0)', true],
    ["{'a': 1}.map(k, k)", ['a']],
    ['state.text.size()', 9],
    ['state.text.substring(6, 7)', '😀'],
    ["state.text.matches('^h.*x$')", true],
    ["'%s has %d rows'.format([input.source, state.profile.rows])", 'artifact:1 has 406 rows'],
    ["'a,b'.split(',')", ['a', 'b']],
    ["['a', 'b'].join('-').upperAscii()", 'A-B'],
    ["state.n > 3 ? 'many' : null", 'many'],
    ['state.list[state.list.size() - 1]', 3],
    ['state.list[item.i]', 3],
    ['2 in state.list', true],
    ["'rows' in state.profile", true],
    ['[1, [2.5, true], {"k": null}]', [1, [2.5, true], { k: null }]],
    ['{1: "a", true: "b"}', { 1: 'a', true: 'b' }],
    ["b'abc'", 'YWJj'],
    ['type(state.n) == double', true],
  ])('%s', (source, value) => expect(evaluate(source)).toEqual(value));

  it('hands out what is in the scope as it is', () => {
    expect(evaluate('state.profile')).toBe(state.profile);
    expect((evaluate("{'p': state.profile}") as { p: Json }).p).toBe(state.profile);
  });
  it('never changes what is in the scope', () => {
    const before = JSON.stringify(scope);
    evaluate('state.list + [4]');
    evaluate('flatten([state.list, state.list])');
    expect(JSON.stringify(scope)).toBe(before);
  });
});

describe('numbers', () => {
  it.each<[string, Json]>([
    ['state.n / 2', 3.5],
    ['7 / 2', 3],
    ['state.n < 500', true],
    ['item.i * 2', 4],
    ['state.n % 2', 1],
    ['state.n % state.n', 0],
    ['2 + 0.5', 2.5],
    ['1 == 1.0 && 2 != 2.5 && 3 in [3.0]', true],
    ['int(state.n) / 2', 3],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['uint(2) + 3u', 5],
  ])('%s', (source, value) => expect(evaluate(source)).toEqual(value));

  it.each([
    '9007199254740992',
    '-9007199254740992',
    '[9007199254740992]',
    '1.0 / 0.0',
    'state.n / 0',
    '0.0 / 0.0',
    '1 / 0',
    '1 % 0',
    'state.n % 0',
    '9223372036854775807 + 1',
    'int(1e30)',
  ])('%s is an error', (source) => expect(() => evaluate(source)).toThrow(ExpressionError));
});

describe('presence', () => {
  it.each<[string, Json]>([
    ['has(state.n)', true],
    ['has(state.empty)', true],
    ['has(state.profile.nothing)', true],
    ['has(state.profile.other)', false],
    ['has(state.empty.rows)', false],
    ['has(state.profile.columns[0].name)', true],
    ["get(state.profile, 'rows', 0)", 406],
    ["get(state.profile, 'other', 'none')", 'none'],
    ["get(state.profile, 'nothing', 'none')", null],
    ["get(state.empty, 'rows', 0)", 0],
    ["get(state.profile, 'toString', 0)", 0],
  ])('%s', (source, value) => expect(evaluate(source)).toEqual(value));
});

describe('functions of the language', () => {
  it.each<[string, Json]>([
    ['sum([])', 0],
    ['sum([1, 2])', 3],
    ['sum(state.list)', 6],
    ['sum([1, 0.5])', 1.5],
    ['flatten([[1], [], [2, [3]], 4])', [1, 2, [3], 4]],
    ['json(state.profile.columns)', '[{"name":"a"},{"name":"b"}]'],
    ["json({'a': [1, 2.5, null]})", '{"a":[1,2.5,null]}'],
  ])('%s', (source, value) => expect(evaluate(source)).toEqual(value));
  it('takes numbers only in a sum', () => expect(() => evaluate("sum([1, 'a'])")).toThrow(/string is no number/));
});

describe('time', () => {
  it.each<[string, Json]>([
    ["timestamp('2024-02-29T23:30:00+01:00') + duration('90m')", '2024-03-01T00:00:00Z'],
    ["timestamp('2024-01-01T00:00:00Z') - timestamp('2023-12-31T23:59:58.5Z')", '1.500s'],
    ["timestamp('2024-01-01T00:00:00Z').getFullYear('America/New_York')", 2023],
    ["timestamp('2024-01-01T00:00:00Z').getHours('-02:30')", 21],
    ["timestamp('2024-12-31T00:00:00Z').getDayOfYear()", 365],
    ["timestamp('2024-01-01T00:00:00.25Z') < timestamp('2024-01-01T00:00:01Z')", true],
  ])('%s', (source, value) => expect(evaluate(source)).toEqual(value));
  it.each([
    "timestamp('2023-02-29T00:00:00Z')",
    "timestamp('yesterday')",
    "duration('1 hour')",
    "timestamp('2024-01-01T00:00:00Z').getHours('Mars')",
  ])('%s is an error', (source) => expect(() => evaluate(source)).toThrow(ExpressionError));
});

describe('errors while running', () => {
  it.each([
    'state.other',
    'state.empty.rows',
    'state.n.rows',
    'state.list[9]',
    'state.list[-1]',
    'state.list[0.5]',
    'state.text + 1.0',
    '!state.n',
    'state.n ? 1 : 2',
    'state.n.map(x, x)',
    "'a'.charAt(2)",
    'execution.id',
    "{'a': 1, 'a': 2}",
  ])('%s', (source) => {
    expect(() => evaluate(source)).toThrow(ExpressionError);
    expect(() => evaluate(source)).toThrow(expect.objectContaining({ code: 'EXPRESSION_ERROR' }));
  });
  it('are swallowed only by a side that decides', () => {
    expect(evaluate('state.other || true')).toBe(true);
    expect(evaluate('false && state.other')).toBe(false);
    expect(() => evaluate('state.other || false')).toThrow(/no such key: other/);
    expect(evaluate('state.list.exists(x, x == 2 || state.other)')).toBe(true);
  });
  it('a condition that gives no bool is an error, never false', () => {
    const condition = compileExpression('state.n', { variables: VARIABLES, expect: 'bool' });
    expect(() => condition.evaluate(scope)).toThrow(ExpressionError);
    const list = compileExpression('state.n', { variables: VARIABLES, expect: 'list' });
    expect(() => list.evaluate(scope)).toThrow(ExpressionError);
  });
});

describe('type check at publish', () => {
  const compile = (source: string, expect?: 'bool' | 'list') => () =>
    compileExpression(source, { variables: VARIABLES, expect });

  it.each([
    '',
    '   ',
    'state.',
    'foo',
    'state.n +',
    "1 + 'a'",
    "1 == 'a'",
    "'a' < 1",
    'size(1)',
    'nothing(1)',
    "'a'.nothing()",
    '[1].map(1, 2)',
    'has(state)',
    "'a'.b",
    "'a'[0]",
    '[1]["a"]',
    '!1',
    '-true',
    '1 && true',
    "1 ? 'a' : 'b'",
    "'a'.matches('(?=b)')",
    "'a'.matches('[')",
    'state.?n',
    '1.map(x, x)',
    '{[1]: 2}',
    'string.x',
    '[1].filter(x, x + 1)',
    "'a' in 'b'",
    "'a' in [1]",
  ])('%s does not compile', (source) => expect(compile(source)).toThrow(ExpressionCompileError));
  it.each([
    '1 + 2',
    'state.n + 1',
    "'a'",
    'size(input)',
    '[true]',
    "state.n > 1 ? 'a' : 'b'",
    'state.list.map(x, true)',
    '-state.n',
    'sum(state.list)',
    "'a'.split('')",
  ])('%s is no condition', (source) => expect(compile(source, 'bool')).toThrow(/expected bool/));
  it.each([
    'state.n',
    'state.n > 1',
    'has(state.n)',
    'get(state, "n", false)',
    'state.list[0]',
    'dyn(1)',
    'state.n > 1 ? true : state.other',
    '[true][0]',
  ])('%s may be a condition', (source) => expect(compile(source, 'bool')).not.toThrow());
  it('knows what is no list', () => {
    expect(compile("'a'", 'list')).toThrow(/expected list, got string/);
    expect(compile('state.list', 'list')).not.toThrow();
    expect(compile('[1] + state.list', 'list')).not.toThrow();
  });
  it('says where', () => {
    expect(compile('true && foo > 1')).toThrow(expect.objectContaining({ position: 8 }));
    expect(compile('(1')).toThrow(expect.objectContaining({ position: 2 }));
  });
  it('keeps places apart: item is known in the target of a for-each only', () => {
    expect(() => compileExpression('item', { variables: SCOPE.tool })).toThrow(/unknown variable 'item'/);
    expect(() => compileExpression('item', { variables: SCOPE.forEachTarget })).not.toThrow();
  });
  it('compiles the same source once', () => {
    expect(compileExpression('state.n', { variables: VARIABLES })).toBe(
      compileExpression('state.n', { variables: VARIABLES }),
    );
    expect(compileExpression('state.n', { variables: SCOPE.tool })).not.toBe(
      compileExpression('state.n', { variables: VARIABLES }),
    );
  });
});
