import { describe, expect, it } from '@jest/globals';
import { compileSchema, InvalidSchemaError, type Json, type JsonSchema } from '../src/runtime.js';

const check = (schema: JsonSchema, value: Json) => compileSchema(schema).check(value);

describe('issues', () => {
  it('name each spot by its JSON pointer', () => {
    const schema = {
      type: 'object',
      required: ['rows', 'name'],
      properties: { rows: { type: 'integer', minimum: 0 }, 'a/b~c': { type: 'array', items: { type: 'string' } } },
      additionalProperties: false,
    };
    expect(check(schema, { rows: -1, 'a/b~c': ['x', 2], extra: 1 })).toEqual([
      { pointer: '', message: "must have the member 'name'" },
      { pointer: '/rows', message: 'must be at least 0' },
      { pointer: '/a~1b~0c/1', message: 'must be string' },
      { pointer: '/extra', message: 'is not a member of the schema' },
    ]);
  });
  it('are at most 100', () => {
    expect(
      check(
        { items: { type: 'string' } },
        Array.from({ length: 10_000 }, (_, i) => i),
      ),
    ).toHaveLength(100);
  });
});

describe('the language of schemas', () => {
  it('an integer is a number without fraction, however it came about', () => {
    expect(check({ type: 'integer' }, 7 / 2 + 0.5)).toEqual([]);
    expect(check({ type: 'integer' }, 1e300)).toEqual([]);
    expect(check({ type: 'number' }, 3)).toEqual([]);
    expect(check({ type: 'integer' }, 3.5)).toEqual([{ pointer: '', message: 'must be integer' }]);
  });
  it('format and default only annotate', () => {
    expect(check({ type: 'string', format: 'email', default: 1 }, 'nobody')).toEqual([]);
    expect(check({ properties: { a: { default: 1 } }, required: ['a'] }, {})).toHaveLength(1);
  });
  it('takes local references only, to places that exist', () => {
    expect(check({ $ref: '#/$defs/n', $defs: { n: { type: 'number' } } }, 'x')).toHaveLength(1);
    for (const $ref of [
      'https://example.com/s',
      'other.json',
      '#/$defs/none',
      '#nowhere',
      'file:///etc/passwd',
      '#/%zz',
    ])
      expect(() => compileSchema({ $ref })).toThrow(InvalidSchemaError);
  });
  it('says where a schema is malformed', () => {
    expect(() => compileSchema({ properties: { a: { type: 'text' } } })).toThrow(
      expect.objectContaining({ pointer: '/properties/a/type' }),
    );
    const malformed: Json[] = [
      { minimum: '1' },
      { maxLength: -1 },
      { required: 'a' },
      { items: [{}] },
      { multipleOf: 0 },
      { allOf: [] },
      { enum: 1 },
      { properties: { a: 1 } },
      { not: null },
      { pattern: '(?=a)' },
      { pattern: '[' },
      { patternProperties: { '(a)\\1': {} } },
      { $ref: 1 },
    ];
    for (const schema of malformed) expect(() => compileSchema(schema as JsonSchema)).toThrow(InvalidSchemaError);
    for (const schema of [null, 1, 'a', []]) expect(() => compileSchema(schema as never)).toThrow(InvalidSchemaError);
  });
  it('reads own members only', () => {
    expect(check({ required: ['toString', 'constructor'] }, {})).toHaveLength(2);
    expect(check({ properties: { constructor: { type: 'string' } } }, {})).toEqual([]);
    const own = JSON.parse('{"__proto__": 1}') as Json;
    expect(check({ additionalProperties: false }, own)).toHaveLength(1);
    expect(check(JSON.parse('{"properties": {"__proto__": {"type": "string"}}}') as JsonSchema, own)).toHaveLength(1);
  });
});

describe('hostile schemas and values end', () => {
  const MOST_MS = 3_000;
  const timed = (run: () => void): void => {
    const started = performance.now();
    run();
    expect(performance.now() - started).toBeLessThan(MOST_MS);
  };
  const levels = (n: number, make: (inner: JsonSchema) => JsonSchema): JsonSchema => {
    let schema: JsonSchema = {};
    for (let i = 0; i < n; i++) schema = make(schema);
    return schema;
  };

  it.each<[string, JsonSchema]>([
    ['a reference to itself', { $ref: '#' }],
    [
      'a circle of references',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } } },
    ],
    [
      'a circle nobody enters',
      { $defs: {}, properties: { a: { $ref: '#/$defs/a' } }, items: { anyOf: [{ $ref: '#/items' }] } },
    ],
    ['nesting', levels(70, (inner) => ({ not: inner }))],
    ['nesting beyond the stack', levels(100_000, (inner) => ({ items: inner }))],
    ['very many schemas', { anyOf: Array.from({ length: 10_001 }, () => ({ type: 'string' })) }],
    ['a long pattern', { pattern: 'a'.repeat(1_001) }],
    ['a pattern that repeats repetitions', { pattern: '((a{30}){30}){30}' }],
  ])('%s is refused', (_, schema) => timed(() => expect(() => compileSchema(schema)).toThrow(InvalidSchemaError)));

  it('a doubling of references is not followed to its end', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        i === 39 ? true : { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    timed(() =>
      expect(check({ $ref: '#/$defs/d0', $defs: $defs as Json }, 1)).toEqual([
        { pointer: '', message: expect.stringContaining('too many steps') },
      ]),
    );
  });
  it('a recursive schema follows its value, but not without end', () => {
    const tree = { properties: { next: { $ref: '#' } }, required: ['v'] };
    const chain = (n: number): Json => (n === 0 ? { v: 1 } : { v: 1, next: chain(n - 1) });
    expect(check(tree, chain(100))).toEqual([]);
    expect(check(tree, chain(2_000))).toEqual([{ pointer: '', message: expect.stringContaining('nested too deeply') }]);
  });
  it('many values, many items', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i);
    timed(() => {
      const of = compileSchema({ items: { enum: many } });
      expect(of.check(many)).toEqual([]);
      expect(of.check([-1])).toHaveLength(1);
      expect(check({ uniqueItems: true }, many)).toEqual([]);
      expect(check({ uniqueItems: true }, [...many.map((i) => ({ i })), { i: 7 }])).toEqual([
        { pointer: '/100000', message: 'is there twice' },
      ]);
    });
  });
  it('patterns that make other engines hang', () => {
    timed(() => {
      expect(check({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
      expect(
        check(
          { patternProperties: { '^(a|a)*$': { type: 'number' } }, additionalProperties: false },
          { [`${'a'.repeat(50_000)}!`]: 1 },
        ),
      ).toHaveLength(1);
    });
  });
  it('members by the ten thousand', () => {
    const value = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]));
    const properties = Object.fromEntries(
      Object.keys(value)
        .slice(0, 9_000)
        .map((key) => [key, { type: 'number' }]),
    );
    timed(() =>
      expect(
        check({ properties, additionalProperties: { type: 'integer' }, unevaluatedProperties: false }, value),
      ).toEqual([]),
    );
  });
});
