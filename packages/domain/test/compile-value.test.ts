import { describe, expect, it } from '@jest/globals';
import { compileValue, ExpressionCompileError, type Json, SCOPE } from '../src/runtime.js';

const scope = { state: { n: 2, empty: null }, input: { source: 'artifact:1' } };
const compile = (value: Json) => compileValue(value, { variables: SCOPE.tool });

describe('a value', () => {
  it('a literal is itself', () => {
    const literal = { a: [1, 'state.n', { cel: 'state.n', other: 1 }], cel: { cel: 1 } };
    expect(compile(literal).evaluate(scope)).toBe(literal);
    expect(compile(literal).expressions).toEqual([]);
  });
  it('holds expressions at any depth', () => {
    const value = compile({
      source: { cel: 'input.source' },
      table: 'cars',
      deep: [{ x: [{ cel: 'state.n * 2' }] }, 1],
    });
    expect(value.evaluate(scope)).toEqual({ source: 'artifact:1', table: 'cars', deep: [{ x: [4] }, 1] });
    expect(value.expressions).toEqual(['input.source', 'state.n * 2']);
  });
  it('an expression that gives null gives null', () =>
    expect(compile([{ cel: 'state.empty' }, { cel: 'null' }]).evaluate(scope)).toEqual([null, null]));
  it('sees each time the scope it is given', () => {
    const value = compile({ n: { cel: 'state.n' } });
    expect([value.evaluate(scope), value.evaluate({ ...scope, state: { n: 3 } })]).toEqual([{ n: 2 }, { n: 3 }]);
  });
  it('keeps a member called __proto__ as data', () => {
    const value = compile(JSON.parse('{"__proto__": {"cel": "state.n"}}') as Json).evaluate(scope);
    expect(JSON.stringify(value)).toBe('{"__proto__":2}');
  });
  it('is refused where an expression does not compile, or it is too deep', () => {
    expect(() => compile([{ cel: 'foo' }])).toThrow(ExpressionCompileError);
    let deep: Json = { cel: 'state.n' };
    for (let i = 0; i < 64; i++) deep = [deep];
    expect(() => compile(deep)).toThrow(/64 levels/);
  });
});
