import { describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  compileSchema,
  definitionHash,
  definitionJsonSchema,
  type Json,
  type JsonObject,
  parseDefinition,
} from '../src/index.js';
import { datasetPublish, errorsOf } from './definition-fixtures.js';

/** The example with one place changed; undefined removes it. */
const changed = (path: (string | number)[], value: unknown): JsonObject => {
  const root = datasetPublish();
  const parent = path.slice(0, -1).reduce<Json>((at, key) => (at as Record<string, Json>)[key]!, root);
  const key = path.at(-1)!;
  if (value === undefined) delete (parent as JsonObject)[key];
  else (parent as Record<string, unknown>)[key] = value;
  return root;
};
const shouldFind = (input: unknown, rule: string, pointer: string): void => {
  const { definition, findings } = parseDefinition(input);
  expect(findings).toContainEqual(expect.objectContaining({ rule, pointer, severity: 'error' }));
  expect(definition).toBeUndefined();
};

describe('parseDefinition', () => {
  it('takes the example as it is', () => {
    expect(parseDefinition(datasetPublish())).toEqual({ definition: datasetPublish(), findings: [] });
  });

  it.each<[string, (string | number)[], unknown, string, string]>([
    ['an unknown member', ['colour'], 1, 'UNKNOWN_MEMBER', '/colour'],
    ['an unknown member of a node', ['nodes', 1, 'outptu'], 'x', 'UNKNOWN_MEMBER', '/nodes/1/outptu'],
    ['a member of another node type', ['nodes', 2, 'tool'], 'x', 'UNKNOWN_MEMBER', '/nodes/2/tool'],
    ['an unknown member of an edge', ['edges', 1, 'a/b~'], 'x', 'UNKNOWN_MEMBER', '/edges/1/a~1b~0'],
    ['a missing member', ['nodes', 0, 'tool'], undefined, 'MISSING_MEMBER', '/nodes/0/tool'],
    ['no nodes', ['nodes'], undefined, 'MISSING_MEMBER', '/nodes'],
    ['another language', ['schema'], 'agf/workflow/v2', 'INVALID_VALUE', '/schema'],
    ['an unknown node type', ['nodes', 0, 'type'], 'script', 'UNKNOWN_NODE_TYPE', '/nodes/0/type'],
    ['a node that is none', ['nodes', 0], 'profile', 'WRONG_TYPE', '/nodes/0'],
    ['a bad node id', ['nodes', 0, 'id'], '1st', 'INVALID_NAME', '/nodes/0/id'],
    ['a bad channel name', ['state', 'a b'], {}, 'INVALID_NAME', '/state/a b'],
    ['a reserved node id', ['nodes', 0, 'id'], 'END', 'RESERVED_NAME', '/nodes/0/id'],
    ['a reserved channel name', ['state', 'error'], {}, 'RESERVED_NAME', '/state/error'],
    ['a duplicate id', ['nodes', 1, 'id'], 'profile', 'DUPLICATE_NODE', '/nodes/1/id'],
    ['a bad workflow name', ['name'], 'no spaces', 'INVALID_NAME', '/name'],
    ['a wrong type', ['description'], 5, 'WRONG_TYPE', '/description'],
    ['an unknown reducer', ['state', 'profile', 'reducer'], 'last', 'INVALID_VALUE', '/state/profile/reducer'],
    ['a level out of range', ['nodes', 0, 'privilege_level'], 6, 'WRONG_TYPE', '/nodes/0/privilege_level'],
    ['no time at all', ['limits', 'timeout_seconds'], 0, 'OUT_OF_RANGE', '/limits/timeout_seconds'],
    ['a source of a number', ['edges', 0, 'source'], 1, 'WRONG_TYPE', '/edges/0/source'],
    ['otherwise false', ['edges', 2, 'otherwise'], false, 'INVALID_VALUE', '/edges/2/otherwise'],
    ['an expression that is no text', ['output'], { cel: 1 }, 'WRONG_TYPE', '/output/cel'],
    [
      'a signal without a name',
      ['nodes', 1, 'arguments'],
      [{ signal_url: 1 }],
      'WRONG_TYPE',
      '/nodes/1/arguments/0/signal_url',
    ],
    ['a long expression', ['output'], { a: [{ cel: 'é'.repeat(2049) }] }, 'EXPRESSION_TOO_LONG', '/output/a/0/cel'],
    ['a forbidden key', ['output'], { constructor: 1 }, 'FORBIDDEN_KEY', '/output/constructor'],
    ['a __proto__ key', ['output'], JSON.parse('{"__proto__": 1}'), 'FORBIDDEN_KEY', '/output/__proto__'],
    ['half a surrogate pair', ['output'], '\ud800', 'INVALID_TEXT', '/output'],
    ['a NUL', ['output'], 'a\u0000b', 'INVALID_TEXT', '/output'],
    ['NaN', ['output'], [NaN], 'NOT_JSON', '/output/0'],
    ['undefined in a list', ['output'], [undefined], 'NOT_JSON', '/output/0'],
    ['a date', ['output'], new Date(), 'NOT_JSON', '/output'],
    ['a function', ['output'], () => 1, 'NOT_JSON', '/output'],
    [
      'a wait with two forms',
      ['nodes', 0],
      { id: 'profile', type: 'wait', seconds: 1, signal: 's' },
      'WAIT_FORM',
      '/nodes/0',
    ],
  ])('refuses %s', (_, path, value, rule, pointer) => shouldFind(changed(path, value), rule, pointer));

  it('reports every mistake, not the first', () => {
    const definition = changed(['nodes', 0, 'colour'], 'red');
    definition['extra'] = 1;
    (definition['edges'] as JsonObject[])[3]!['target'] = 4;
    expect(errorsOf(parseDefinition(definition).findings).sort()).toEqual([
      'UNKNOWN_MEMBER',
      'UNKNOWN_MEMBER',
      'WRONG_TYPE',
    ]);
  });

  it('takes every node type with all of its members', () => {
    const base = {
      privilege_level: 2,
      gate: 'g',
      retry: { max_attempts: 2, initial_interval_ms: 1, backoff: 2, max_interval_ms: 9, non_retryable: ['X'] },
      timeout_seconds: 0.5,
      heartbeat_seconds: 1,
      on_error: 'f',
      on_open: 'CONTINUE',
      open_wait_seconds: 0,
      compensate: { tool: 't', arguments: {} },
    };
    const result = { output: 'c', outputs: { d: 'result.x' } };
    const nodes = [
      {
        type: 'agent',
        agent: 'a',
        prompt: 'p',
        tools: ['t'],
        max_turns: 3,
        response_schema: true,
        memory: 'shared',
        ...result,
      },
      { type: 'tool', tool: 't', arguments: {}, ...result },
      { type: 'function', handler: 'h', arguments: {}, task_queue: 'q', placement: 'local', ...result },
      { type: 'transform', set: { c: 1 } },
      { type: 'gate', gate: 'g', payload: {}, ...result },
      { type: 'workflow', workflow: 'team.w', version: 1, input: {}, max_depth: 2, ...result },
      { type: 'wait', signal: 's', ...result },
      { type: 'compensate' },
      { type: 'fail', code: 'X', message: 'm' },
    ].map((node, index) => ({ ...base, ...node, id: `n${index}` }));
    expect(parseDefinition(changed(['nodes'], nodes)).findings).toEqual([]);
  });

  it('reads both spellings of outputs as the expression', () => {
    const input = changed(['nodes', 0, 'outputs'], { issues: { cel: 'result.issues' } });
    expect(parseDefinition(input).definition?.nodes[0]).toMatchObject({ outputs: { issues: 'result.issues' } });
  });

  it('leaves undefined members out, as JSON does', () => {
    expect(parseDefinition({ ...datasetPublish(), description: undefined }).findings).toEqual([]);
  });

  it('takes 1 MiB to the byte and refuses one byte more', () => {
    const size = Buffer.byteLength(JSON.stringify({ ...datasetPublish(), description: '"\n\u0001é😀' }));
    const filled = (more: number): JsonObject => ({
      ...datasetPublish(),
      description: `"\n\u0001é😀${'x'.repeat(1_048_576 - size + more)}`,
    });
    expect(parseDefinition(filled(0)).findings).toEqual([]);
    shouldFind(filled(1), 'DEFINITION_TOO_LARGE', '');
  });

  it('takes 64 levels and refuses 65', () => {
    const nested = (levels: number): JsonObject =>
      changed(['output'], JSON.parse('['.repeat(levels - 1) + ']'.repeat(levels - 1)));
    expect(parseDefinition(nested(64)).findings).toEqual([]);
    shouldFind(nested(65), 'TOO_DEEP', `/output${'/0'.repeat(63)}`);
  });

  it('takes 10,000 nodes and refuses one more', () => {
    const nodes = (count: number): JsonObject =>
      changed(
        ['nodes'],
        Array.from({ length: count }, (_, index) => ({ id: `n${index}`, type: 'compensate' })),
      );
    expect(parseDefinition(nodes(10_000)).findings).toEqual([]);
    shouldFind(nodes(10_001), 'TOO_MANY_NODES', '/nodes');
  });

  it('hashes to the same whatever the order of members', () => {
    const { definition } = parseDefinition(datasetPublish());
    const reversed = (value: Json): Json =>
      typeof value !== 'object' || value === null
        ? value
        : Array.isArray(value)
          ? value.map(reversed)
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, member]) => [key, reversed(member)]),
            );
    const other = parseDefinition(reversed(datasetPublish())).definition;
    expect(definitionHash(definition!)).toBe(definitionHash(other!));
    expect(definitionHash(definition!)).toBe(
      definitionHash(parseDefinition(JSON.parse(canonicalJson(datasetPublish()))).definition!),
    );
    expect(definitionHash(definition!)).toMatchInlineSnapshot(
      `"ad449b479eaefbed93b137a6494b10eadd367ff4121a804d15ac86bffcf4f2ea"`,
    );
    expect(definitionHash(parseDefinition(changed(['description'], 'other')).definition!)).not.toBe(
      definitionHash(definition!),
    );
  });
});

describe('definitionJsonSchema', () => {
  it('agrees with the parser on the example and on an unknown member', () => {
    const schema = compileSchema(definitionJsonSchema);
    expect(schema.check(datasetPublish())).toEqual([]);
    expect(schema.check(changed(['nodes', 0, 'colour'], 'red'))).not.toEqual([]);
    expect(schema.check(changed(['edges', 0, 'target'], undefined))).not.toEqual([]);
  });
});
