import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Json, type JsonObject, parseDefinition, validateDefinition } from '../src/index.js';
import { catalog, datasetPublish } from './definition-fixtures.js';

const TEN_MEGABYTES = 10 * 1024 * 1024;
const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};
/** Runs the check and fails where it throws, takes a second, or finds nothing. */
const findingsOf = (input: unknown): string[] => {
  const before = process.cpuUsage();
  const { definition, findings } = validateDefinition(input, catalog);
  const { user, system } = process.cpuUsage(before);
  // Processor time: other processes on the machine must not decide.
  expect((user + system) / 1_000).toBeLessThan(1_000);
  expect(definition).toBeUndefined();
  expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
  JSON.stringify(findings);
  return findings.map(({ rule }) => rule);
};
const withOutput = (output: unknown): unknown => ({ ...datasetPublish(), output });

describe('hostile input', () => {
  it.each<[string, () => unknown, string]>([
    ['a text of 10 MB', () => 'x'.repeat(TEN_MEGABYTES), 'DEFINITION_TOO_LARGE'],
    [
      '10 MB of members',
      () => withOutput(Array.from({ length: 2_000_000 }, (_, index) => index)),
      'DEFINITION_TOO_LARGE',
    ],
    ['10 MB in an unknown member', () => ({ x: 'é'.repeat(TEN_MEGABYTES / 2) }), 'DEFINITION_TOO_LARGE'],
    ['a sparse list of 4 billion', () => withOutput(new Array(4_294_967_295)), 'DEFINITION_TOO_LARGE'],
    ['lists 10,000 deep', () => withOutput(nested(10_000, (inner) => [inner])), 'TOO_DEEP'],
    ['objects 10,000 deep', () => nested(10_000, (inner) => ({ nodes: inner })), 'TOO_DEEP'],
    ['a billion laughs by reference', () => withOutput(nested(60, (inner) => [inner, inner])), 'DEFINITION_TOO_LARGE'],
    [
      'an object that contains itself',
      () => {
        const definition = datasetPublish();
        definition['output'] = definition;
        return definition;
      },
      'CYCLIC',
    ],
    [
      'a getter that throws',
      () =>
        withOutput({
          get a() {
            throw new Error('called');
          },
        }),
      'NOT_JSON',
    ],
    [
      'a proxy whose traps throw',
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('called');
            },
          },
        ),
      'NOT_JSON',
    ],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return withOutput(proxy);
      },
      'NOT_JSON',
    ],
    ['a toJSON', () => withOutput({ toJSON: () => ({}) }), 'NOT_JSON'],
    [
      'a class',
      () =>
        new (class Definition {
          nodes = [];
        })(),
      'NOT_JSON',
    ],
    ['nothing', () => undefined, 'NOT_JSON'],
    ['null', () => null, 'WRONG_TYPE'],
    ['a list', () => [], 'WRONG_TYPE'],
    ['an expression of 4,000 brackets', () => withOutput({ cel: '['.repeat(4_000) }), 'EXPRESSION_INVALID'],
    ['an expression of 2,000 negations', () => withOutput({ cel: `${'!'.repeat(4_000)}1` }), 'EXPRESSION_INVALID'],
    [
      'an expression of nested macros',
      () => withOutput({ cel: `${'[1].map(x, '.repeat(300)}1` }),
      'EXPRESSION_INVALID',
    ],
    [
      'a pattern that needs backtracking',
      () => ({ ...datasetPublish(), input: { pattern: '(a+)+\\1$' } }),
      'INVALID_SCHEMA',
    ],
    [
      'a schema that refers to itself for ever',
      () => ({ ...datasetPublish(), input: { $ref: '#' } }),
      'INVALID_SCHEMA',
    ],
    [
      'a member per letter',
      () => ({ ...datasetPublish(), ...Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1])) }),
      'UNKNOWN_MEMBER',
    ],
    ['keys that are pointers', () => ({ ...datasetPublish(), '/~0/~1/': 1 }), 'UNKNOWN_MEMBER'],
  ])('ends with a finding for %s', (_, make, rule) => {
    expect(findingsOf(make())).toContain(rule);
  });

  it('calls no accessor', () => {
    let called = 0;
    const input = Object.defineProperty(datasetPublish(), 'output', { enumerable: true, get: () => (called += 1) });
    findingsOf(input);
    expect(called).toBe(0);
  });

  it('lists a bounded number of findings and counts the rest', () => {
    const extra = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]));
    const { findings } = parseDefinition({ ...datasetPublish(), ...extra });
    expect(findings).toHaveLength(10_001);
    expect(findings.at(-1)).toMatchObject({
      rule: 'TOO_MANY_FINDINGS',
      message: expect.stringContaining('10000 more'),
    });
  });

  it('gives back a copy that shares nothing with the input', () => {
    const input = datasetPublish();
    const { definition } = parseDefinition(input);
    (input['nodes'] as JsonObject[])[0]!['tool'] = 'changed';
    expect(definition?.nodes[0]).toMatchObject({ tool: 'csv_profile' });
  });
});

/** Every container in the value, with the way to it. */
const containers = (value: Json, path: (string | number)[] = []): (string | number)[][] =>
  typeof value !== 'object' || value === null
    ? []
    : [
        path,
        ...Object.entries(value).flatMap(([key, inner]) =>
          containers(inner, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
      ];
const at = (root: unknown, path: readonly (string | number)[]): Record<string, unknown> =>
  path.reduce((value, key) => (value as Record<string | number, unknown>)[key], root) as Record<string, unknown>;

describe('generated broken definitions', () => {
  const paths = containers(datasetPublish());
  /** Objects whose members the language fixes: none of JSON Schema's, of values or of maps. */
  const closed = paths.filter((path) => {
    const place = path.join('/');
    return /^(|nodes\/\d+|edges\/\d+|state\/\w+|hitl_gates\/\w+|circuit_breaker|limits)$/.test(place);
  });
  const junk = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
    fc.constantFrom(NaN, Infinity, -0, 1e308, '\ud800', '\u0000', Symbol('s'), () => 1, new Date(NaN), /x/, 10n),
  );
  const broken = fc.oneof(
    { weight: 2, arbitrary: junk },
    // An unknown member somewhere.
    fc
      .tuple(
        fc.constantFrom(...closed),
        fc.string().map((key) => `_${key}`),
        fc.jsonValue(),
      )
      .map(([path, key, value]) => {
        const definition = datasetPublish();
        at(definition, path)[key] = value;
        return definition;
      }),
    // A key with a meaning of its own, anywhere.
    fc
      .tuple(fc.constantFrom(...paths), fc.constantFrom('__proto__', 'constructor', 'prototype'), junk)
      .map(([path, key, value]) => {
        const definition = datasetPublish();
        const target = at(definition, path);
        const object = Array.isArray(target) ? ((target[0] = {}), target[0] as object) : target;
        Object.defineProperty(object, key, { value, enumerable: true });
        return definition;
      }),
    // Something that is no JSON in any place.
    fc
      .tuple(
        fc.constantFrom(...paths),
        fc.nat(),
        fc.constantFrom(NaN, Symbol('s'), 1n, () => 1, new Map(), '\udfff'),
      )
      .map(([path, choice, value]) => {
        const definition = datasetPublish();
        const target = at(definition, path);
        const keys = Object.keys(target);
        target[keys[choice % keys.length] ?? 0] = value;
        return definition;
      }),
    // References that lead nowhere.
    fc
      .tuple(
        fc.constantFrom('source', 'target'),
        fc.nat(4),
        fc.string().filter((text) => !['START', 'END', 'profile', 'load', 'give_up'].includes(text)),
      )
      .map(([end, edge, name]) => {
        const definition = datasetPublish();
        at(definition, ['edges', edge])[end] = name;
        return definition;
      }),
    // Expressions that do not compile.
    fc
      .tuple(
        fc.constantFrom('output', 'condition'),
        fc.string({ maxLength: 5_000 }).map((text) => `)${text}`),
      )
      .map(([place, text]) => {
        const definition = datasetPublish();
        if (place === 'output') definition['output'] = { cel: text };
        else at(definition, ['edges', 1])['condition'] = text;
        return definition;
      }),
    // Members of the wrong type.
    fc
      .tuple(
        fc.constantFrom('name', 'nodes', 'edges', 'schema'),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constant({})),
      )
      .map(([member, value]) => ({ ...datasetPublish(), [member]: value })),
  );

  it('get their findings, each within a second, and never throw', () => {
    let runs = 0;
    fc.assert(
      fc.property(broken, (input) => {
        runs += 1;
        findingsOf(input);
      }),
      { numRuns: 500 },
    );
    expect(runs).toBeGreaterThanOrEqual(500);
  });

  it('leave no trace in the prototypes', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
