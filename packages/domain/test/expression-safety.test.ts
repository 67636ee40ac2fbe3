import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression, ExpressionCompileError, ExpressionError, type Json, SCOPE } from '../src/runtime.js';

const evaluate = (source: string, state: Json = {}): Json =>
  compileExpression(source, { variables: SCOPE.edge }).evaluate({ state, input: null });

describe('bombs end early and say so', () => {
  const range = Array.from({ length: 100_000 }, (_, i) => i);
  const big = 'a'.repeat(2_000_000);
  const state = {
    range,
    big,
    needle: `${'a'.repeat(5e5)}b${'a'.repeat(5e5)}`,
    same: Object.fromEntries(range.map((i) => [`k${i}`, i])),
    keys: Object.fromEntries(range.map((i) => [`k${i}`, i])),
  };
  // Far above what the budget takes, far below what any of these would take without it.
  const MOST_MS = 2_000;

  it.each([
    'state.range.map(a, state.range.map(b, a))',
    'state.range.all(a, !state.range.exists(b, a + b < 0))',
    'state.range.exists(i, state.other)',
    'state.range.filter(i, i in state.range)',
    'state.range.map(i, size(state.keys))',
    'state.range.map(i, state.keys == state.same)',
    'state.range.map(x, state.range)',
    `[state.big]${'.map(s, s + s)'.repeat(20)}`,
    `[[1]]${'.map(s, s + s)'.repeat(50)}`,
    `[1]${'.map(s, [s, s])'.repeat(50)}`,
    `json([1]${'.map(s, [s, s])'.repeat(50)})`,
    `[1]${'.map(s, [s, s])'.repeat(50)} == [1]${'.map(s, [s, s])'.repeat(50)}`,
    "state.big.replace('a', 'bbbbbbbbbbbb')",
    "state.big.split('').join('xxxxxxxx')",
    'state.big.contains(state.needle)',
    'state.big.lastIndexOf(state.needle)',
    "'%s%s%s%s%s'.format([state.big, state.big, state.big, state.big, state.big])",
    'state.big.matches("(?:a|b)*a(?:a|b){200}[x-z]")',
    'state.range.all(x, "a".matches("[a-z]{500}" + string(int(x))) || true)',
  ])('%.60s', (source) => {
    const started = performance.now();
    expect(() => evaluate(source, state)).toThrow(ExpressionError);
    expect(performance.now() - started).toBeLessThan(MOST_MS);
  });

  it.each([
    ['4097 bytes', `'${'a'.repeat(4095)}'`],
    ['bytes, not characters', `'${'é'.repeat(2048)}'`],
    ['parentheses', `${'('.repeat(500)}1${')'.repeat(500)}`],
    ['lists', `${'['.repeat(500)}${']'.repeat(500)}`],
    ['signs', `${'!'.repeat(4000)}true`],
    ['a chain', `1${'+1'.repeat(2000)}`],
    ['members', `state${'.a'.repeat(2000)}`],
  ])('refuses %s beyond the limits', (_, source) => expect(() => evaluate(source)).toThrow(ExpressionCompileError));

  it('takes the longest source that is allowed', () => expect(evaluate(`'${'a'.repeat(4094)}'`)).toHaveLength(4094));

  it('leaves room for real work', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ id: i, price: i / 2, name: `n${i}` }));
    const sold = evaluate(
      "state.rows.filter(r, r.price > 10 && r.name.startsWith('n')).map(r, {'id': r.id, 'double': r.price * 2})",
      { rows },
    );
    expect(sold).toHaveLength(9_979);
  });
  it('values nested deeper than the stack are an error', () => {
    let deep: Json = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => evaluate('[state]', deep)).toThrow(/nested too deeply/);
  });
});

describe('nothing of the host can be reached', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'length',
    'push',
    'map',
  ];
  it.each(NAMES)('%s', (name) => {
    const state = { o: {}, list: [1], text: 'a', n: 1, f: true };
    for (const of of [
      'state',
      'state.o',
      'state.list',
      'state.text',
      'state.n',
      'state.f',
      "{'a': 1}",
      'dyn([1])',
      "dyn('a')",
    ]) {
      expect(() => evaluate(`${of}.${name}`, state)).toThrow();
      expect(() => evaluate(`dyn(${of})['${name}']`, state)).toThrow(ExpressionError);
    }
    expect(evaluate(`has(state.o.${name})`, state)).toBe(false);
    expect(evaluate(`'${name}' in state.o`, state)).toBe(false);
    if (name !== 'map') expect(() => evaluate(name)).toThrow(ExpressionCompileError);
  });
  it('an empty map equals no prototype', () => {
    const own = JSON.parse('{"__proto__": {}}') as Json;
    expect(evaluate("state == {'x': {}}", own)).toBe(false);
    expect(evaluate('state == {}', { toString: 1 })).toBe(false);
  });
  it('data with such names is carried, never made', () => {
    const state = JSON.parse('{"row": {"constructor": "x", "__proto__": {"polluted": true}}}') as Json;
    expect(evaluate('state.row.constructor', state)).toBe('x');
    expect(evaluate('[state.row]', state)).toEqual([
      JSON.parse('{"constructor": "x", "__proto__": {"polluted": true}}'),
    ]);
    expect(evaluate('state.row.__proto__.polluted', state)).toBe(true);
    for (const name of ['__proto__', 'constructor', 'prototype'])
      expect(() => evaluate(`{'${name}': {'polluted': true}}`)).toThrow(/is not allowed/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  it('reads lone surrogates, and refuses them and NaN in what it makes', () => {
    expect(evaluate('state.s.size()', { s: 'a\ud800b' })).toBe(3);
    expect(() => evaluate('[state.s]', { s: '\ud800' })).toThrow(ExpressionError);
    expect(() => evaluate('[state.n]', { n: NaN })).toThrow(ExpressionError);
  });
  it.each(["'\\u0000'", "['a', 'b\\u0000']", "{'a\\u0000b': 1}", "{'a': {'b': '\\u0000'}}", '{state.s: 1}'])(
    'makes no text that could not be stored: %s',
    (source) => {
      expect(() => evaluate(source, { s: 'x\udc00' })).toThrow(/NUL character or half a surrogate pair/);
    },
  );
  it('says which key is missing in whole characters', () => {
    const key = `${'x'.repeat(98)}😀😀😀😀`;
    expect(() => evaluate('state.m[state.k]', { m: {}, k: key })).toThrow(
      new RegExp(`no such key: ${'x'.repeat(98)}😀😀$`),
    );
  });
  it('makes nothing deeper than what is on its way can take', () => {
    const nested = (levels: number): Json => {
      let value: Json = 1;
      for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { a: value };
      return value;
    };
    expect(evaluate('[state]', nested(199))).toEqual([nested(199)]);
    expect(() => evaluate('[state]', nested(200))).toThrow(/deeper than 200 levels/);
  });
});

describe('any source and any state', () => {
  const WORDS = [
    'state',
    'input',
    '.',
    '.a',
    '.map(x, ',
    '.all(x, ',
    'has(',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    '+',
    '-',
    '*',
    '/',
    '%',
    '==',
    '<',
    '&&',
    '||',
    '!',
    '?',
    'x',
    '1',
    '0',
    '2.5',
    '3u',
    "'s'",
    'null',
    'true',
    'size(',
    'in',
    'int(',
    'string(',
    '.matches(',
    '.split(',
    'json(',
    'get(',
  ];
  it('gives JSON or one of the two errors', () => {
    const source = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(source, fc.jsonValue(), (text, state) => {
        try {
          const value = evaluate(text, state as Json);
          const json = JSON.stringify(value);
          expect(JSON.stringify(JSON.parse(json))).toBe(json);
        } catch (error) {
          expect(error instanceof ExpressionCompileError || error instanceof ExpressionError).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it('any JSON leaves as it came', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(evaluate('[state, [state]]', value as Json)).toEqual([value, [value]]);
        expect(evaluate('state == dyn(state)', value as Json)).toBe(true);
      }),
    );
  });
  it('integers are exact up to 2^53 - 1 and an error beyond', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), (n) => {
        if (n >= -(2n ** 53n - 1n) && n <= 2n ** 53n - 1n) expect(evaluate(`${n}`)).toBe(Number(n));
        else expect(() => evaluate(`${n}`)).toThrow(ExpressionError);
      }),
    );
  });
  it('an int beside a double is a double, whichever side', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }),
        (i, d) => {
          expect(evaluate(`[state.d + ${i}, ${i} - state.d, state.d * ${i}]`, { d })).toEqual([d + i, i - d, d * i]);
          expect(evaluate(`[state.d < ${i}, ${i} <= state.d, state.d == ${i}]`, { d })).toEqual([
            d < i,
            i <= d,
            d === i,
          ]);
        },
      ),
    );
  });
});
