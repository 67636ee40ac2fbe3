import type { DefinitionCatalog, Finding, JsonObject, ToolSpec } from '../src/index.js';

export const tool = (spec: Partial<ToolSpec> & { name: string }): ToolSpec => ({
  version: 1,
  description: '',
  category: 'data',
  input_schema: true,
  output_schema: true,
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
  ...spec,
});

const tools = [
  tool({
    name: 'csv_profile',
    input_schema: {
      type: 'object',
      properties: { source: { type: 'string' } },
      required: ['source'],
      additionalProperties: false,
    },
  }),
  tool({
    name: 'table_load',
    min_privilege_level: 3,
    idempotent: false,
    input_schema: {
      type: 'object',
      properties: {
        source: { type: 'string' },
        table: { $ref: '#/$defs/name' },
        mode: { enum: ['append', 'replace', 'fail'] },
      },
      required: ['source', 'table'],
      additionalProperties: false,
      $defs: { name: { type: 'string', minLength: 1 } },
    },
  }),
  tool({ name: 'any' }),
  tool({ name: 'wipe', min_privilege_level: 5 }),
];

export const catalog: DefinitionCatalog = { tools: new Map(tools.map((spec) => [spec.name, spec])) };

/** The example of the definition language. */
export const datasetPublish = (): JsonObject => ({
  schema: 'agf/workflow/v1',
  name: 'dataset-publish',
  description: 'Profile a data set, have it approved, load it',
  input: { type: 'object', properties: { source: { type: 'string' } }, required: ['source'] },
  state: {
    profile: { schema: { type: 'object' } },
    issues: { schema: { type: 'array' }, reducer: 'append', default: [] },
  },
  nodes: [
    {
      id: 'profile',
      type: 'tool',
      tool: 'csv_profile',
      arguments: { source: { cel: 'input.source' } },
      output: 'profile',
    },
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: { source: { cel: 'input.source' }, table: 'cars' },
      gate: 'publish',
      on_open: 'give_up',
    },
    { id: 'give_up', type: 'transform', set: { issues: { cel: "['load refused']" } } },
  ],
  edges: [
    { source: 'START', target: 'profile' },
    { source: 'profile', target: 'load', condition: 'state.profile.rows > 0' },
    { source: 'profile', target: 'END', otherwise: true },
    { source: 'load', target: 'END' },
    { source: 'give_up', target: 'END' },
  ],
  output: { cel: "{'profile': state.profile, 'issues': state.issues}" },
  hitl_gates: {
    publish: {
      gate_name: 'publish',
      trigger_condition: 'privilege_level >= 3',
      approval_timeout_hours: 24,
      escalation_policy: 'notify_admin',
      auto_reject_on_timeout: false,
      approvals_required: 1,
    },
  },
  circuit_breaker: { failure_threshold: 5, reset_timeout_seconds: 60, half_open_max_calls: 3 },
  limits: { max_steps: 1000, timeout_seconds: 3600 },
});

/** A definition of transforms: `a>b` an edge, `a>b?` a conditional, `a>b!` the otherwise, `a+b>c` a join, `a*b` a for-each. */
export const graph = (text: string, nodes: Record<string, JsonObject> = {}, state: JsonObject = {}): JsonObject => {
  const ids = new Set(text.match(/\w+/g)?.filter((id) => id !== 'START' && id !== 'END'));
  return {
    schema: 'agf/workflow/v1',
    name: 'graph',
    state: { x: {}, list: { reducer: 'append' }, ...state },
    nodes: [...ids].map((id) => ({ id, ...(nodes[id]?.['type'] ? {} : { type: 'transform', set: {} }), ...nodes[id] })),
    edges: text.trim().split(/\s+/).map(edge),
  };
};

const edge = (text: string): JsonObject => {
  const [, from = '', arrow = '', target = '', mark = ''] = /^([\w+|]+)([>*])(\w+)([?!]?)$/.exec(text) ?? [];
  const groups = from.split('+').map((group) => (group.includes('|') ? group.split('|') : group));
  return {
    source: groups.length > 1 || Array.isArray(groups[0]) ? groups : from,
    target,
    ...(mark === '?' ? { condition: 'input.ok == true' } : {}),
    ...(mark === '!' ? { otherwise: true } : {}),
    ...(arrow === '*' ? { for_each: 'input.items' } : {}),
  };
};

export const writesX: JsonObject = { set: { x: 1 } };
export const errorsOf = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
export const warningsOf = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity === 'warning').map(({ rule }) => rule);
