import { describe, expect, it } from '@jest/globals';
import { type DefinitionCatalog, type JsonObject, RUNNABLE, validateDefinition } from '../src/index.js';
import { catalog, datasetPublish, errorsOf, graph, tool, warningsOf, writesX } from './definition-fixtures.js';

const LINE = 'START>a a>END';
/** One node `a` from START to END. */
const one = (node: JsonObject, state: JsonObject = {}): JsonObject => graph(LINE, { a: node }, state);
const withEdges = (text: string, edges: JsonObject[]): JsonObject => {
  const definition = graph(text);
  return { ...definition, edges: [...(definition['edges'] as JsonObject[]), ...edges] };
};
const WIDE: DefinitionCatalog = {
  ...catalog,
  agents: new Map([['clerk', { privilege_level: 2 as const, tools: ['any', 'table_load'] }]]),
  handlers: new Map([['score', { min_privilege_level: 3 as const, idempotent: false }]]),
  workflows: new Map([
    ['child', { versions: [1, 2], calls: ['graph'], needs: 3 as const }],
    ['leaf', { versions: [1], calls: [] }],
    ['grandparent', { versions: [1], calls: ['leaf', 'child'], needs: 1 as const }],
  ]),
  members: { complete: true, list: [{ sub: 'ann', roles: ['approver'], privilege_level: 4 }] },
};

/** A call of level 3 under a gate. */
const gated = (gate: JsonObject): JsonObject => ({
  ...one({ type: 'tool', tool: 'load', gate: 'g' }),
  hitl_gates: { g: { gate_name: 'g', ...gate } },
});
const STAFFED: DefinitionCatalog = {
  tools: new Map([['load', tool({ name: 'load', min_privilege_level: 3 })]]),
  publisher: 'ann',
  members: {
    complete: true,
    list: [
      { sub: 'ann', roles: ['approver'], privilege_level: 4 },
      { sub: 'bob', roles: ['approver'], privilege_level: 3 },
      { sub: 'cid', roles: ['approver'], privilege_level: 2 },
    ],
  },
  groups: [
    { name: 'risk', members: ['ann'], roles: [], claims: [] },
    { name: 'low', members: ['cid'], roles: [], claims: [] },
    { name: 'all', members: [], roles: ['approver'], claims: [] },
  ],
};

describe('validateDefinition', () => {
  it('publishes the example without errors', () => {
    const { definition, findings } = validateDefinition(datasetPublish(), {
      ...catalog,
      availableNodeTypes: RUNNABLE.nodeTypes,
      availableMembers: RUNNABLE.members,
    });
    expect(definition).toEqual(datasetPublish());
    expect(errorsOf(findings)).toEqual([]);
    expect(warningsOf(findings)).toEqual(['RISK_WITHOUT_COMPENSATE']);
  });

  it.each<[rule: string, where: string, definition: unknown, catalog?: DefinitionCatalog]>([
    ['WRONG_TYPE', '', 'no definition'],
    ['UNKNOWN_TOOL', '/nodes/0/tool', one({ type: 'tool', tool: 'nope' })],
    ['UNKNOWN_TOOL', '/nodes/0/compensate/tool', one({ compensate: { tool: 'nope', arguments: {} } })],
    ['UNKNOWN_GATE', '/nodes/0/gate', one({ gate: 'nope' })],
    ['UNKNOWN_CHANNEL', '/nodes/0/set/nope', one({ set: { nope: 1 } })],
    ['UNKNOWN_CHANNEL', '/nodes/0/set/error', one({ set: { error: null } })],
    ['UNKNOWN_CHANNEL', '/nodes/0/set/x/cel', one({ set: { x: { cel: 'state.nope' } } })],
    ['UNKNOWN_CHANNEL', '/nodes/0/set/x/0/cel', one({ set: { x: [{ cel: "state['no-pe'] + 'state.x'" }] } })],
    ['UNKNOWN_NODE', '/nodes/0/on_error', one({ on_error: 'nope' })],
    ['UNKNOWN_NODE', '/nodes/0/on_error', one({ on_error: 'CONTINUE' })],
    ['UNKNOWN_NODE', '/nodes/0/on_open', one({ on_open: 'END' })],
    ['UNKNOWN_NODE', '/edges/2/target', withEdges(LINE, [{ source: 'a', target: 'nope' }])],
    ['UNKNOWN_NODE', '/edges/2/source', withEdges(LINE, [{ source: 'nope', target: 'a' }])],
    ['UNKNOWN_NODE', '/edges/2/source', withEdges(LINE, [{ source: ['a', ['nope']], target: 'a' }])],
    ['EDGE_FROM_END', '/edges/2/source', withEdges(LINE, [{ source: 'END', target: 'a' }])],
    ['EDGE_TO_START', '/edges/2/target', withEdges(LINE, [{ source: 'a', target: 'START' }])],
    ['OTHERWISE_TWICE', '/edges/3/otherwise', graph('START>a a>END? a>END! a>END!')],
    ['OTHERWISE_ALONE', '/edges/1/otherwise', graph('START>a a>END!')],
    [
      'OTHERWISE_WITH_CONDITION',
      '/edges/2/otherwise',
      withEdges(LINE, [{ source: 'a', target: 'END', otherwise: true, condition: 'true' }]),
    ],
    [
      'MEMBER_WITHOUT_FOR_EACH',
      '/edges/2/max_concurrency',
      withEdges(LINE, [{ source: 'a', target: 'END', max_concurrency: 2 }]),
    ],
    ['FOR_EACH_TARGET', '/edges/2/for_each', withEdges(LINE, [{ source: 'a', target: 'END', for_each: '[1]' }])],
    ['JOIN_MEMBER', '/edges/2/condition', withEdges(LINE, [{ source: ['a'], target: 'END', condition: 'true' }])],
    ['JOIN_MEMBER', '/edges/2/otherwise', withEdges(LINE, [{ source: ['a'], target: 'END', otherwise: true }])],
    ['JOIN_MEMBER', '/edges/2/for_each', withEdges(LINE, [{ source: ['a'], target: 'END', for_each: '[1]' }])],
    ['JOIN_SOURCE', '/edges/2/source', withEdges(LINE, [{ source: ['START', 'a'], target: 'END' }])],
    ['JOIN_SOURCE', '/edges/2/source', withEdges(LINE, [{ source: ['a', ['a']], target: 'END' }])],
    ['NODE_UNREACHABLE', '/nodes/1', graph('START>a a>END b>END')],
    ['NODE_UNREACHABLE', '/nodes/1', graph('START>a a>END b>c c>b c>END')],
    ['NO_WAY_TO_END', '/nodes/1', graph('START>a a>END a>b b>b')],
    ['NO_WAY_TO_END', '/nodes/1', graph('START>a a>END a>b', { b: { on_error: 'a' } })],
    ['INVALID_SCHEMA', '/state/y/schema', one({}, { y: { schema: { type: 'strnig' } } })],
    ['INVALID_SCHEMA', '/input', { ...graph(LINE), input: { $ref: 'https://example.org/schema' } }],
    ['INVALID_SCHEMA', '/state/y/schema', one({}, { y: { schema: { pattern: '(?=a)' } } })],
    ['DEFAULT_MISMATCH', '/state/y/default', one({}, { y: { schema: { type: 'number' }, default: 'one' } })],
    ['DEFAULT_MISMATCH', '/state/y/default', one({}, { y: { reducer: 'append', default: {} } })],
    ['DEFAULT_MISMATCH', '/state/y/default', one({}, { y: { reducer: 'merge', default: [] } })],
    ['DEFAULT_MISMATCH', '/state/y/default', one({}, { y: { reducer: 'sum', default: '1' } })],
    ['FOR_EACH_REPLACE', '/nodes/0/set/x', graph('START*a a>END', { a: writesX })],
    [
      'COLLECT_CHANNEL',
      '/edges/2/on_item_error',
      {
        ...withEdges(LINE, [{ source: 'a', target: 'a', for_each: '[]', on_item_error: 'collect' }]),
        state: { errors: {} },
      },
    ],
    ['EXPRESSION_INVALID', '/nodes/0/set/x/cel', one({ set: { x: { cel: '1 +' } } })],
    ['EXPRESSION_INVALID', '/nodes/0/set/x/cel', one({ set: { x: { cel: 'item.a' } } })],
    ['EXPRESSION_INVALID', '/nodes/0/set/x/cel', one({ set: { x: { cel: "1 + 'a'" } } })],
    ['EXPRESSION_INVALID', '/nodes/0/set/x/cel', one({ set: { x: { cel: '('.repeat(4000) } } })],
    ['EXPRESSION_INVALID', '/edges/2/condition', withEdges(LINE, [{ source: 'a', target: 'END', condition: "'yes'" }])],
    ['EXPRESSION_INVALID', '/edges/2/for_each', withEdges(LINE, [{ source: 'a', target: 'a', for_each: '5' }])],
    ['EXPRESSION_INVALID', '/output/cel', { ...graph(LINE), output: { cel: 'result' } }],
    [
      'EXPRESSION_INVALID',
      '/hitl_gates/g/trigger_condition',
      { ...graph(LINE), hitl_gates: { g: { gate_name: 'g', trigger_condition: "'yes'" } } },
    ],
    ['TOOL_ARGUMENTS', '/nodes/0/arguments', one({ type: 'tool', tool: 'csv_profile' })],
    [
      'TOOL_ARGUMENTS',
      '/nodes/0/arguments',
      one({ type: 'tool', tool: 'table_load', arguments: { source: { cel: 'input.s' } } }),
    ],
    [
      'TOOL_ARGUMENTS',
      '/nodes/0/arguments/table',
      one({ type: 'tool', tool: 'table_load', arguments: { source: { cel: 'input.s' }, table: '' } }),
    ],
    [
      'TOOL_ARGUMENTS',
      '/nodes/0/arguments/tabel',
      one({
        type: 'tool',
        tool: 'table_load',
        arguments: { source: { cel: 'input.s' }, table: 't', tabel: { cel: '1' } },
      }),
    ],
    [
      'TOOL_ARGUMENTS',
      '/nodes/0/compensate/arguments/source',
      one({ compensate: { tool: 'csv_profile', arguments: { source: 1 } } }),
    ],
    ['STATE_CONFLICT', '/nodes/0', one({ type: 'tool', tool: 'any', output: 'x', outputs: { x: 'result' } })],
    ['STATE_CONFLICT', '/nodes/1', graph('START>a START>b a>END b>END', { a: writesX, b: writesX })],
    [
      'NODE_TYPE_UNAVAILABLE',
      '/nodes/0/type',
      one({ type: 'compensate' }),
      { ...catalog, availableNodeTypes: new Set(['tool'] as const) },
    ],
    [
      'MEMBER_UNAVAILABLE',
      '/nodes/0/open_wait_seconds',
      one({ open_wait_seconds: 5 }),
      { ...catalog, availableMembers: new Set() },
    ],
    [
      'MEMBER_UNAVAILABLE',
      '/nodes/0/signal_url',
      one({ set: { x: { signal_url: 's' } } }),
      { ...catalog, availableMembers: RUNNABLE.members },
    ],
    ['UNKNOWN_SIGNAL', '/nodes/0/set/x/url', one({ set: { x: { url: { signal_url: 's' } } } })],
    ['UNKNOWN_AGENT', '/nodes/0/agent', one({ type: 'agent', agent: 'nope', prompt: '' }), WIDE],
    ['UNKNOWN_HANDLER', '/nodes/0/handler', one({ type: 'function', handler: 'nope' }), WIDE],
    [
      'LOCAL_TASK_QUEUE',
      '/nodes/0/task_queue',
      one({ type: 'function', handler: 'h', placement: 'local', task_queue: 'agf-nodes-a' }),
    ],
    [
      'RESERVED_TASK_QUEUE',
      '/nodes/0/task_queue',
      one({ type: 'function', handler: 'h', task_queue: 'agf-executions' }),
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/type',
      one({ type: 'function', handler: 'h', privilege_level: 4 }),
      { ...catalog, max_privilege_level: 3 },
    ],
    ['UNKNOWN_WORKFLOW', '/nodes/0/workflow', one({ type: 'workflow', workflow: 'nope' }), WIDE],
    ['UNKNOWN_WORKFLOW', '/nodes/0/version', one({ type: 'workflow', workflow: 'leaf', version: 2 }), WIDE],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/agent',
      one({ type: 'agent', agent: 'clerk', prompt: '', tools: ['table_load'] }),
      WIDE,
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/tools/0',
      one({ type: 'agent', agent: 'clerk', prompt: '', tools: ['csv_profile'] }),
      WIDE,
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/type',
      one({ type: 'tool', tool: 'wipe' }),
      { ...catalog, max_privilege_level: 4 },
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/workflow',
      one({ type: 'workflow', workflow: 'child', max_depth: 2 }),
      { ...WIDE, max_privilege_level: 2 },
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/workflow',
      one({ type: 'workflow', workflow: 'grandparent' }),
      { ...WIDE, max_privilege_level: 2 },
    ],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/compensate/tool',
      one({ type: 'tool', tool: 'any', compensate: { tool: 'wipe', arguments: {} } }),
      { ...catalog, max_privilege_level: 4 },
    ],
    ['GATE_UNFULFILLABLE', '/nodes/0', one({ compensate: { tool: 'wipe', arguments: {} } }), WIDE],
    ['WRONG_TYPE', '/nodes/0/seconds', one({ type: 'wait', seconds: 'soon' })],
    ['WRONG_TYPE', '/nodes/0/seconds', one({ type: 'wait', seconds: -1 })],
    ['WRONG_TYPE', '/nodes/0/seconds', one({ type: 'wait', seconds: { at: { cel: '1' } } })],
    ['WRONG_TYPE', '/nodes/0/seconds', one({ type: 'wait', seconds: { cel: "'1'" } })],
    ['WRONG_TYPE', '/nodes/0/until', one({ type: 'wait', until: '2026-02-30' })],
    ['WRONG_TYPE', '/nodes/0/until', one({ type: 'wait', until: { cel: '1 + 1' } })],
    [
      'PRIVILEGE_EXCEEDED',
      '/nodes/0/privilege_level',
      one({ type: 'workflow', workflow: 'leaf', privilege_level: 5 }),
      { ...WIDE, max_privilege_level: 4 },
    ],
    ['RECURSION_UNBOUNDED', '/nodes/0/workflow', one({ type: 'workflow', workflow: 'graph' })],
    ['RECURSION_UNBOUNDED', '/nodes/0/workflow', one({ type: 'workflow', workflow: 'grandparent' }), WIDE],
    ['RECURSION_UNBOUNDED', '/nodes/0/workflow', one({ type: 'workflow', workflow: 'child' }), WIDE],
    ['GATE_UNFULFILLABLE', '/nodes/0', one({ type: 'tool', tool: 'wipe' }), WIDE],
    ['GATE_UNFULFILLABLE', '/nodes/0', gated({ approvers: ['role:admin'] }), STAFFED],
    ['GATE_UNFULFILLABLE', '/nodes/0', gated({ approvers: ['risk'], approvals_required: 2 }), STAFFED],
    // One person counts in one stage only.
    [
      'GATE_UNFULFILLABLE',
      '/nodes/0',
      gated({
        stages: [
          { name: 'risk', approvers: ['risk'] },
          { name: 'ann', approvers: ['risk'] },
        ],
      }),
      STAFFED,
    ],
    ['GATE_UNFULFILLABLE', '/nodes/0', gated({ approvers: ['risk'], separation_of_duties: ['publisher'] }), STAFFED],
    ['GATE_UNFULFILLABLE', '/nodes/0', gated({ stages: [{ name: 'low', approvers: ['low'] }] }), STAFFED],
    ['UNKNOWN_GROUP', '/hitl_gates/g/approvers/0', gated({ approvers: ['nobody'] }), STAFFED],
    [
      'UNKNOWN_GROUP',
      '/hitl_gates/g/stages/0/approvers/1',
      gated({ stages: [{ name: 's', approvers: ['risk', 'nobody'] }] }),
      STAFFED,
    ],
    [
      'UNKNOWN_GROUP',
      '/hitl_gates/g/escalate_to/0',
      gated({ escalation_policy: 'reassign', escalate_to: ['nobody'] }),
      STAFFED,
    ],
  ])('finds %s at %s', (rule, pointer, definition, known = catalog) => {
    const { definition: published, findings } = validateDefinition(definition, known);
    const found = findings.find((finding) => finding.rule === rule && (finding.pointer ?? pointer) === pointer);
    expect({ found: found?.severity, findings }).toMatchObject({ found: 'error' });
    expect(published).toBeUndefined();
  });

  it.each<[rule: string, node: string, definition: JsonObject, path: string[] | null, catalog?: DefinitionCatalog]>([
    ['MISSING_OTHERWISE', 'a', graph('START>a a>END?'), null],
    [
      'RISK_WITHOUT_COMPENSATE',
      'a',
      one({ type: 'function', handler: 'score' }),
      null,
      { ...WIDE, members: undefined },
    ],
    [
      'RISK_WITHOUT_COMPENSATE',
      'a',
      one({ type: 'agent', agent: 'x', prompt: '', tools: ['any', 'table_load'] }),
      null,
    ],
    [
      'RETRY_NOT_IDEMPOTENT',
      'a',
      one({
        type: 'tool',
        tool: 'table_load',
        arguments: { cel: 'input' },
        retry: { max_attempts: 2 },
      }),
      null,
    ],
    ['UNGUARDED_CALL', 'a', one({ type: 'tool', tool: 'wipe' }), ['START', 'a']],
    ['ENDLESS_CYCLE', 'b', graph('START>a a>b b>c c>b a>END c>END'), ['b', 'c', 'b']],
    ['ENDLESS_CYCLE', 'a', graph('START>a a>b? a>c! b>a c>a b>END'), ['a', 'b', 'a']],
    ['UNEQUAL_DIAMOND', 'c', graph('START>a START>b a>c b>d d>c c>END'), ['START', 'b', 'd', 'c']],
    ['BARRIER_WAIT', 'a', graph('START>a START>b a>END b>c c>END', { a: { type: 'wait', seconds: 9 } }), ['b', 'c']],
    [
      'GATE_UNFULFILLABLE',
      'a',
      one({ type: 'tool', tool: 'wipe' }),
      null,
      { ...WIDE, members: { ...WIDE.members!, complete: false } },
    ],
  ])('warns of %s at %s', (rule, node, definition, path, known = catalog) => {
    const { definition: published, findings } = validateDefinition(definition, known);
    const found = findings.filter((finding) => finding.rule === rule);
    expect({ found, findings }).toMatchObject({ found: [{ severity: 'warning', node, ...(path && { path }) }] });
    expect(errorsOf(findings)).toEqual([]);
    expect(published).toBeDefined();
  });

  it.each<[JsonObject, DefinitionCatalog]>([
    [{ approvers: ['all'], approvals_required: 2 }, STAFFED],
    [
      {
        stages: [
          { name: 'risk', approvers: ['risk'] },
          { name: 'any', approvers: ['all'] },
        ],
      },
      STAFFED,
    ],
    // The order in which people are found must not decide.
    [
      {
        stages: [
          { name: 'any', approvers: ['all'] },
          { name: 'risk', approvers: ['risk'] },
        ],
      },
      STAFFED,
    ],
    [{ approvers: ['all'], separation_of_duties: ['publisher'] }, STAFFED],
    [{ approvers: ['role:approver'], approvals_required: 2 }, STAFFED],
    [
      { approvers: ['a-group'], approvals_required: 2 },
      { ...STAFFED, groups: undefined },
    ],
  ])('takes a gate that its people can fulfil: %j', (gate, known) => {
    expect(errorsOf(validateDefinition(gated(gate), known).findings)).toEqual([]);
  });

  it.each<JsonObject>([
    { seconds: 0 },
    { seconds: { cel: 'state.x * 2' } },
    { until: '2030-01-01T00:00:00+01:00' },
    { until: { cel: "timestamp('2030-01-01T00:00:00Z')" } },
    { until: { cel: 'input.when' } },
  ])('takes a wait of %j', (wait) => {
    expect(validateDefinition(one({ type: 'wait', ...wait }), catalog).findings).toEqual([]);
  });

  it('shows the way to a node that leads nowhere', () => {
    const { findings } = validateDefinition(graph('START>a a>b a>END'), catalog);
    expect(findings).toMatchObject([{ rule: 'NO_WAY_TO_END', node: 'b', path: ['START', 'a', 'b'] }]);
  });

  it('names a rule, a text, a place and what to do in every finding', () => {
    const { findings } = validateDefinition(graph('START>a a>b a>b? b>c'), catalog);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding).toMatchObject({ rule: expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/\w/) });
      expect(finding.hint).toMatch(/\w/);
      expect(finding.node ?? finding.edge).toBeDefined();
    }
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('takes a node called %s', (name) => {
    const nodes: Record<string, JsonObject> = { [name]: { on_error: 'a' }, a: { type: 'tool', tool: 'any' } };
    const definition = graph(`START>a a>${name}? a>END! ${name}>END`, nodes);
    expect(errorsOf(validateDefinition(definition, catalog).findings)).toEqual([]);
  });

  it('goes on with the sound parts beside a broken one', () => {
    const definition = graph('START>a START>b a>END b>END', {
      a: { colour: 'red' },
      b: { type: 'tool', tool: 'nope' },
    });
    expect(errorsOf(validateDefinition(definition, catalog).findings).sort()).toEqual([
      'UNKNOWN_MEMBER',
      'UNKNOWN_TOOL',
    ]);
  });

  it('does not blame a node for an edge whose other end is unknown', () => {
    const definition = withEdges('START>a a>END b>END', [
      { source: 'a', target: 'bb' },
      { source: 'aa', target: 'b' },
    ]);
    expect(errorsOf(validateDefinition(definition, catalog).findings)).toEqual(['UNKNOWN_NODE', 'UNKNOWN_NODE']);
  });

  it('does not check references of a kind that the catalog does not know', () => {
    const definition = graph('START>a a>b b>c c>END', {
      a: { type: 'agent', agent: 'x', prompt: '' },
      b: { type: 'function', handler: 'x' },
      c: { type: 'workflow', workflow: 'x' },
    });
    expect(validateDefinition(definition, catalog).findings).toEqual([]);
  });

  it('takes the implicit channels, shadowed names and what only looks like a channel', () => {
    const cel = "has(state.error) && state.errors == null && 'state.nope' != '' && input.state.nope == 1";
    expect(validateDefinition(one({ set: { x: { cel } } }), catalog).findings).toEqual([]);
    const shadowed = one({ set: { x: { cel: 'input.all(state, state.nope == 1)' } } });
    expect(errorsOf(validateDefinition(shadowed, catalog).findings)).toEqual([]);
  });
});

describe('a call of level 3 or more', () => {
  const risky = { type: 'tool', tool: 'wipe', compensate: { tool: 'any', arguments: {} } };
  const gateNode = { type: 'gate', gate: 'g' };
  const gates = (definition: JsonObject, condition?: string): JsonObject => ({
    ...definition,
    hitl_gates: { g: { gate_name: 'g', ...(condition === undefined ? {} : { trigger_condition: condition }) } },
  });
  const warnings = (definition: JsonObject, known = catalog): string[] =>
    warningsOf(validateDefinition(definition, known).findings).filter((rule) => rule === 'UNGUARDED_CALL');

  it('is guarded by its own gate, by the default gate, and by a gate node on every way', () => {
    expect(warnings(gates(one({ ...risky, gate: 'g' })))).toEqual([]);
    expect(warnings({ ...one(risky), hitl_gates: { default: { gate_name: 'default' } } })).toEqual([]);
    expect(warnings(gates(graph('START>g g>a a>END', { a: risky, g: gateNode })))).toEqual([]);
    expect(warnings(gates(graph('START>g START>b b+g>a a>END', { a: risky, g: gateNode })))).toEqual([]);
  });

  it('is not guarded by a gate node that one way passes by, or leaves by its error edge', () => {
    expect(warnings(gates(graph('START>g? START>a! g>a a>END', { a: risky, g: gateNode })))).toHaveLength(1);
    expect(warnings(gates(graph('START>g g>END a>END', { a: risky, g: { ...gateNode, on_error: 'a' } })))).toHaveLength(
      1,
    );
  });

  it('is not guarded by a gate whose condition never asks for that level', () => {
    const level3 = {
      ...catalog,
      tools: new Map([
        ['wipe', tool({ name: 'wipe', min_privilege_level: 3 })],
        ['any', tool({ name: 'any' })],
      ]),
    };
    expect(warnings(gates(one({ ...risky, gate: 'g' }), 'privilege_level >= 4'), level3)).toHaveLength(1);
    expect(warnings(gates(one({ ...risky, gate: 'g' }), 'state.x == 1'), level3)).toEqual([]);
    expect(warnings(gates(one({ ...risky, gate: 'g' }), 'privilege_level >= 6'), catalog)).toEqual([]);
  });
});
