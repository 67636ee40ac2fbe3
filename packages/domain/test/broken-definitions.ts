import fc from 'fast-check';
import { datasetPublish } from './definition-fixtures.js';

type Broken = fc.Arbitrary<unknown>;
type Parts = Record<string, unknown>;

const length = (max: number): fc.Arbitrary<number> => fc.oneof(fc.nat(20), fc.nat(max), fc.constant(max));
const TEN_MEGABYTES = 10 * 1024 * 1024;
/** Names that a host object answers to without owning them. */
const HOST_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

/** The example with other members, and with a mistake where what is tried may be no mistake by itself. */
const changed = (parts: Parts, mistaken = true): unknown => ({
  ...datasetPublish(),
  ...(mistaken ? { mistake: true } : {}),
  ...parts,
});
const withNode = (node: Parts): unknown => {
  const definition = datasetPublish() as { nodes: Parts[] };
  Object.assign(definition.nodes[0]!, node);
  return { ...definition, mistake: true };
};
/** A condition has to be a bool: what else compiles is a mistake too. */
const withCondition = (condition: string): unknown => {
  const definition = datasetPublish() as { edges: Parts[] };
  definition.edges[1]!['condition'] = condition;
  return definition;
};
const nested = (depth: number, wrap: (inner: unknown) => unknown, core: unknown = 1): unknown => {
  let value = core;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};
/** As JSON.parse gives it: an own member, whatever its name. */
const member = (key: string, value: unknown): Parts =>
  JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(value) ?? 'null'}}`) as Parts;

const repeated = (open: string, close = '', core = '1'): Broken =>
  length(Math.floor(4_000 / (open.length + close.length))).map((count) =>
    withCondition(`${open.repeat(count)}${core}${close.repeat(count)}`),
  );

const CEL_BOMBS: Record<string, Broken> = {
  parentheses: repeated('(', ')'),
  brackets: repeated('[', ']'),
  maps: repeated('{1:', '}'),
  negations: repeated('!', '', '1'),
  minuses: repeated('-'),
  sums: repeated('1+'),
  ors: repeated('1||'),
  ternaries: repeated('true?', ':1'),
  selections: repeated('', '.a', 'state.profile.').map((definition) => ({ ...(definition as Parts), mistake: true })),
  indexes: repeated('state[', ']', '"x"').map((definition) => ({ ...(definition as Parts), mistake: true })),
  'nested macros': repeated('[1,2,3].map(x,', ')'),
  'nested macros of other names': length(200).map((count) =>
    withCondition(`${Array.from({ length: count }, (_, i) => `[1,2].map(v${i},`).join('')}1${')'.repeat(count)}`),
  ),
  'wide macros': length(1_500).map((count) => withCondition(`[${'1,'.repeat(count)}1].map(x, [1].map(y, x))`)),
  'long texts': length(9_000).map((count) => withCondition(`'${'x'.repeat(count)}'`)),
  'texts of a megabyte': fc.constant(null).map(() => withCondition(`'${'x'.repeat(1_000_000)}'`)),
  'patterns in expressions': fc
    .constantFrom('(a+)+$', '(a{1,1000}){1,1000}', '(.*)*x', '((a|a)*)*b', '(', '\\\\1', 'a{100000}')
    .map((pattern) => withCondition(`['a'.matches('${pattern}')]`)),
  'huge numbers': fc
    .constantFrom('9'.repeat(4_000), '1e999999', '0x' + 'f'.repeat(3_000), '-9223372036854775809', '1e-999999')
    .map(withCondition),
  garbage: fc.string({ unit: 'binary', maxLength: 2_000 }).map((text) => withCondition(`) ${text}`)),
  'many expressions': length(5_000).map((count) =>
    changed({ output: Array.from({ length: count }, (_, i) => ({ cel: `((((${i}` })) }),
  ),
};

const doubling = (depth: number, keyword: string): Parts => ({
  $ref: '#/$defs/a0',
  $defs: Object.fromEntries(
    Array.from({ length: depth }, (_, i) => {
      const next = i + 1 < depth ? { $ref: `#/$defs/a${i + 1}` } : { type: 'number' };
      return [`a${i}`, { [keyword]: [next, next] }];
    }),
  ),
});
/** As a channel's schema and checked against its default, as the input, and as an agent's answer. */
const asSchema = (schema: unknown, value: unknown = 'x'): unknown[] => [
  changed({ state: { profile: { schema, default: value }, issues: { reducer: 'append' } } }),
  changed({ input: schema }),
  withNode({ type: 'agent', agent: 'a', prompt: 'p', response_schema: schema, tool: undefined, arguments: undefined }),
];
const schemas = (arbitrary: fc.Arbitrary<[unknown, unknown?]>): Broken =>
  fc.tuple(arbitrary, fc.nat(2)).map(([[schema, value], place]) => asSchema(schema, value)[place]);

const SCHEMA_BOMBS: Record<string, Broken> = {
  'references in a circle': schemas(
    length(300).map((count) => [
      {
        $ref: '#/$defs/a0',
        $defs: Object.fromEntries(
          Array.from({ length: count + 1 }, (_, i) => [`a${i}`, { $ref: `#/$defs/a${(i + 1) % (count + 1)}` }]),
        ),
      },
    ]),
  ),
  'references that double': schemas(
    fc
      .tuple(length(40), fc.constantFrom('anyOf', 'allOf', 'oneOf'))
      .map(([depth, keyword]) => [doubling(depth + 1, keyword), 'x']),
  ),
  'references elsewhere': schemas(
    fc.constantFrom(
      [{ $ref: 'https://x.test/s' }],
      [{ $ref: 'file:///etc/passwd' }],
      [{ $dynamicRef: '#x' }],
      [{ $ref: '#/$defs/__proto__' }],
    ),
  ),
  patterns: schemas(
    fc
      .tuple(
        fc.constantFrom(
          '(a+)+$',
          '(a|a)*$',
          '(.*)*\\1',
          '(?<=a)b',
          '(a{1,1000}){1,1000}',
          '((((a*)*)*)*)*$',
          '\\p{Han}+',
          '[',
          'a{9999999}',
        ),
        length(50_000),
      )
      .map(([pattern, count]) => [{ type: 'string', pattern }, `${'a'.repeat(count)}!`]),
  ),
  'many patterns': schemas(
    length(2_000).map((count) => [
      { patternProperties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`^(x+)+${i}$`, {}])) },
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${'x'.repeat(50)}${i}`, i])),
    ]),
  ),
  'wrong keywords': schemas(
    fc
      .tuple(
        fc.constantFrom('type', 'enum', 'minimum', 'items', 'properties', 'required', 'allOf', '$ref', '$defs'),
        fc.jsonValue(),
      )
      .map(([keyword, value]) => [{ [keyword]: value }, 1]),
  ),
  'lists to compare': schemas(
    length(3_000).map((count) => [
      { uniqueItems: true, items: { enum: Array.from({ length: 100 }, (_, i) => i) } },
      Array.from({ length: count }, (_, i) => ({ i: [i % 7] })),
    ]),
  ),
  'nested parts': schemas(length(10_000).map((depth) => [nested(depth, (inner) => ({ not: inner }), true)])),
};

const PLACES = [
  'name',
  'description',
  'input',
  'state',
  'nodes',
  'edges',
  'output',
  'hitl_gates',
  'circuit_breaker',
  'limits',
];
const graphOf = (count: number, edges: Parts[]): unknown =>
  changed({
    state: { x: {} },
    nodes: Array.from({ length: count }, (_, i) => ({ id: `n${i}`, type: 'transform', set: { x: i } })),
    edges: [{ source: 'START', target: 'n0' }, ...edges],
    output: 1,
  });

const STRUCTURES: Record<string, Broken> = {
  'keys of host objects': fc
    .tuple(fc.constantFrom(...HOST_KEYS), fc.constantFrom(...PLACES), fc.jsonValue())
    .map(([key, place, value]) =>
      changed({ [place]: member(key, value), ...(place === 'name' ? member(key, value) : {}) }),
    ),
  'names of host objects': fc.constantFrom(...HOST_KEYS).map((name) =>
    changed({
      nodes: [{ id: name, type: 'tool', tool: name, gate: name, on_error: name, output: name }],
      edges: [
        { source: 'START', target: name },
        { source: name, target: 'END', condition: `state.${name}` },
      ],
    }),
  ),
  'halves of surrogate pairs': fc
    .tuple(fc.constantFrom('\ud800', '\udfff', 'a\udc00b', '\u0000'), fc.constantFrom(...PLACES), fc.boolean())
    .map(([text, place, asKey]) => changed({ [place]: asKey ? { [text]: 1 } : text })),
  'ten megabytes': fc
    .constantFrom(
      () => changed({ description: 'x'.repeat(TEN_MEGABYTES) }),
      () => changed({ ['k'.repeat(TEN_MEGABYTES)]: 1 }),
      () => changed({ output: Array.from({ length: 2_000_000 }, (_, i) => i) }),
      () => changed({ output: { cel: '('.repeat(TEN_MEGABYTES) } }),
      () => 'é'.repeat(TEN_MEGABYTES / 2),
    )
    .map((make) => make()),
  'too deep': fc
    .tuple(fc.constantFrom(...PLACES), fc.constantFrom(10_000, 100_000), fc.boolean())
    .map(([place, depth, list]) => changed({ [place]: nested(depth, (inner) => (list ? [inner] : { nodes: inner })) })),
  'values in values': fc
    .tuple(length(9_000), fc.boolean())
    .map(([depth, list]) =>
      withNode({ arguments: { source: nested(depth, (inner) => (list ? [inner] : { cel: inner })) } }),
    ),
  'references to itself': fc.constantFrom(...PLACES).map((place) => {
    const definition = datasetPublish() as Parts;
    definition[place] = { inner: definition };
    return definition;
  }),
  'many edges': fc.tuple(length(60), length(15_000)).map(([nodes, edges]) =>
    graphOf(
      nodes + 1,
      Array.from({ length: edges }, (_, i) => ({ source: `n${i % (nodes + 1)}`, target: `n${(i * 7) % (nodes + 2)}` })),
    ),
  ),
  'large joins': length(5_000).map((count) =>
    graphOf(50, [
      {
        source: Array.from({ length: count + 1 }, (_, i) => (i % 3 ? `n${i % 60}` : [`n${i % 50}`, 'x'])),
        target: 'n1',
      },
    ]),
  ),
  'too many nodes': fc.constant(null).map(() => graphOf(15_000, [])),
  'wrong types': fc
    .tuple(
      fc.constantFrom(...PLACES),
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
    )
    .map(([place, value]) => changed({ [place]: value })),
  'members of nodes': fc
    .tuple(
      fc.constantFrom(
        'id',
        'type',
        'tool',
        'arguments',
        'retry',
        'gate',
        'on_error',
        'on_open',
        'compensate',
        'privilege_level',
      ),
      fc.oneof(fc.jsonValue(), fc.constantFrom(NaN, Infinity, -0, 1e308, -1, undefined, Symbol('s'), 1n)),
    )
    .map(([name, value]) => withNode({ [name]: value })),
  'node types': fc
    .tuple(
      fc.constantFrom('agent', 'function', 'transform', 'gate', 'workflow', 'wait', 'compensate', 'fail', '', 'x'),
      fc.object(),
    )
    .map(([type, more]) => changed({ nodes: [{ ...more, id: 'a', type }], edges: [{ source: 'START', target: 'a' }] })),
  references: fc
    .tuple(fc.constantFrom('source', 'target'), fc.oneof(fc.string(), fc.array(fc.array(fc.string()))))
    .map(([end, value]) => graphOf(2, [{ source: 'n0', target: 'n1', [end]: value }])),
};

/** A broken definition of any family; each is met about as often. */
export const FAMILIES: Record<string, Broken> = { ...CEL_BOMBS, ...SCHEMA_BOMBS, ...STRUCTURES };
/** Those that take long to make and to look at. */
export const LARGE: ReadonlySet<string> = new Set([
  'texts of a megabyte',
  'many expressions',
  'references that double',
  'many patterns',
  'many edges',
  'ten megabytes',
  'too deep',
  'too many nodes',
]);
