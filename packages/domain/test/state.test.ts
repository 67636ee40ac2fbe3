import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  applyWrite,
  canonicalJson,
  type ChannelDefinition,
  checkedWrites,
  defaultOf,
  initialState,
  type Json,
  jsonSize,
  type JsonObject,
  type Reducer,
  REDUCERS,
  StateWriteError,
} from '../src/runtime.js';

const channel = (reducer: Reducer, more: Partial<ChannelDefinition> = {}): ChannelDefinition => ({ reducer, ...more });
const fold = (definition: ChannelDefinition, ...writes: Json[]): Json =>
  writes.reduce((current, write) => applyWrite(definition, current, write), defaultOf(definition));

describe('reducers', () => {
  it.each<[Reducer, Json[], Json]>([
    ['replace', [], null],
    ['replace', [1, { a: 1 }, null], null],
    ['append', [], []],
    ['append', [[1, 2], 3, [[4]], null], [1, 2, 3, [4], null]],
    ['merge', [], {}],
    ['merge', [{ a: 1, b: { c: 1 } }, { b: { d: 2 } }], { a: 1, b: { d: 2 } }],
    ['sum', [], 0],
    ['sum', [1, 2.5, -4], -0.5],
    ['min', [], null],
    ['min', [3, 1, 2], 1],
    ['max', [3, 1, 5, 2], 5],
    ['union', [], []],
    ['union', [[1, 'a', 1], 'a', { x: 1, y: 2 }, { y: 2, x: 1 }, [[1.0]], [[1]]], [1, 'a', { x: 1, y: 2 }, [1]]],
  ])('%s of %j is %j', (reducer, writes, value) => expect(fold(channel(reducer), ...writes)).toEqual(value));

  it('replace is the default, a default of the definition goes before', () => {
    expect(fold({}, 1, 2)).toBe(2);
    expect(fold(channel('sum', { default: 10 }), 5)).toBe(15);
    expect(fold(channel('append', { default: [1] }), 2)).toEqual([1, 2]);
    expect(fold(channel('min', { default: null }), 2)).toBe(2);
  });
  it.each<[Reducer, Json]>([
    ['sum', '1'],
    ['sum', null],
    ['min', [1]],
    ['max', NaN],
    ['merge', [1]],
    ['merge', null],
  ])('%s takes no %j', (reducer, write) => expect(() => fold(channel(reducer), write)).toThrow(StateWriteError));
  it('a sum that JSON cannot hold is refused', () =>
    expect(() => fold(channel('sum'), 1e308, 1e308)).toThrow(StateWriteError));
});

describe('properties of reducers', () => {
  const json = fc.jsonValue() as fc.Arbitrary<Json>;
  const frozen = (value: Json): Json => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
    return value;
  };
  it('never change what they are given', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REDUCERS), json, json, (reducer, current, write) => {
        try {
          applyWrite({ reducer }, frozen(current), frozen(write));
        } catch (error) {
          expect(error).toBeInstanceOf(StateWriteError);
        }
      }),
    );
  });
  it('a union holds each RFC 8785 form once, in the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.array(json)), (writes) => {
        const forms = writes.flat().map((item) => canonicalJson(item));
        expect((fold(channel('union'), ...writes) as Json[]).map((item) => canonicalJson(item))).toEqual([
          ...new Set(forms),
        ]);
      }),
    );
  });
  it('append keeps everything, min and max do not care about order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(json)), (writes) =>
        expect(fold(channel('append'), ...writes)).toEqual(writes.flat()),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
        expect(fold(channel('min'), ...numbers)).toBe(Math.min(...numbers));
        expect(fold(channel('max'), ...[...numbers].reverse())).toBe(Math.max(...numbers));
      }),
    );
  });
});

describe('the state at start', () => {
  it('has every declared channel and error', () => {
    const channels = {
      profile: {},
      issues: channel('append'),
      n: channel('sum'),
      m: channel('max'),
      set: channel('merge'),
    };
    expect(initialState(channels)).toEqual({ error: null, profile: null, issues: [], n: 0, m: null, set: {} });
  });
  it('shares nothing with the definition or another execution', () => {
    const definition = channel('merge', { default: { a: [1] } });
    (initialState({ x: definition }).x as { a: number[] }).a.push(2);
    expect(initialState({ x: definition })).toEqual({ error: null, x: { a: [1] } });
    (initialState({ l: channel('append') }).l as Json[]).push(1);
    expect(defaultOf(channel('append'))).toEqual([]);
  });
});

describe('checked writes', () => {
  const channels: Record<string, ChannelDefinition> = {
    profile: { schema: { type: 'object', required: ['rows'] } },
    issues: { schema: { type: 'array', items: { type: 'string' } }, reducer: 'append' },
    total: { schema: { maximum: 10 }, reducer: 'sum' },
    facts: { schema: { required: ['a', 'b'] }, reducer: 'merge' },
    free: {},
  };
  it('what fits has no issue', () =>
    expect(checkedWrites(channels, { profile: { rows: 1 }, issues: 'one', total: 3, free: null })).toEqual([]));
  it('each issue names its channel', () => {
    expect(checkedWrites(channels, { profile: {}, issues: ['a', 1], total: 11 })).toEqual([
      { pointer: '/profile', message: "must have the member 'rows'" },
      { pointer: '/issues/1', message: 'must be string' },
      { pointer: '/total', message: 'must be at most 10' },
    ]);
  });
  it('a write that its reducer cannot take, and a channel that is none', () => {
    expect(checkedWrites(channels, { total: 'x', nothing: 1, toString: 1 })).toEqual([
      { pointer: '/total', message: 'a sum channel takes numbers' },
      { pointer: '/nothing', message: 'is not a channel of the workflow' },
      { pointer: '/toString', message: 'is not a channel of the workflow' },
    ]);
  });
  it('merge and sum are checked as what they make', () => {
    const state: JsonObject = { facts: { a: 1 }, total: 9 };
    expect(checkedWrites(channels, { facts: { b: 1 }, total: 1 }, state)).toEqual([]);
    expect(checkedWrites(channels, { facts: { c: 1 }, total: 2 }, state)).toHaveLength(2);
  });
});

describe('hostile values', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "s": "\\ud800"}') as JsonObject;
  it('are carried unharmed', () => {
    expect(JSON.stringify(fold(channel('merge'), hostile, { x: 1 }))).toBe(
      '{"__proto__":{"polluted":1},"constructor":2,"s":"\\ud800","x":1}',
    );
    expect(fold(channel('union'), [hostile, hostile, '\ud800', '\ud800'])).toHaveLength(2);
    expect(fold(channel('append'), [hostile])).toEqual([hostile]);
    expect(JSON.stringify(initialState({ x: { default: hostile } }).x)).toBe(JSON.stringify(hostile));
    expect(({} as JsonObject).polluted).toBeUndefined();
  });
});

describe('jsonSize', () => {
  it('is the length of the UTF-8 JSON', () => {
    const any = fc.oneof(
      fc.jsonValue(),
      fc.json({ stringUnit: 'binary' }).map((text) => JSON.parse(text) as Json),
      fc.string({ unit: 'binary' }),
      fc.double(),
    );
    fc.assert(
      fc.property(any, (value) => expect(jsonSize(value)).toBe(Buffer.byteLength(JSON.stringify(value)))),
      { numRuns: 2_000 },
    );
  });
  it.each(['\ud800', '\udc00\ud800', 'a\u0000\b\t\u001f"\\/', '😀', 'é', '\u2028'])('%j', (text) =>
    expect(jsonSize(text)).toBe(Buffer.byteLength(JSON.stringify(text))),
  );
  it('leaves out what JSON leaves out, at any depth', () => {
    expect(jsonSize({ a: undefined, b: [undefined, NaN] })).toBe(
      JSON.stringify({ a: undefined, b: [undefined, NaN] }).length,
    );
    let deep: Json = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(jsonSize(deep)).toBe(200_001);
  });
});
