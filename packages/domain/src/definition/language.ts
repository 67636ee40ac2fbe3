/** The language `agf/workflow/v1` as a schema: one source of the structural check and of the published JSON Schema. */
import { z } from 'zod';
import { breakerSettingsSchema } from './breaker-settings.js';
import { DEFINITION_SCHEMA, NAME_PATTERN, REDUCERS, WORKFLOW_NAME_PATTERN } from './definition.js';
import { gateSchema } from './gate-language.js';
import { DEFINITION_LIMITS, MAX_SECONDS } from './limits.js';

const anyValue = z.unknown().refine((value) => value !== undefined, 'is required');
const schema = z.union([z.boolean(), z.record(z.string(), z.unknown())], { error: 'must be a JSON Schema' });
const expression = z.string().min(1).max(DEFINITION_LIMITS.expressionBytes);
const expressionValue = z.strictObject({ cel: expression });
const name = z.string().regex(NAME_PATTERN);
const label = z.string().min(1).max(128);
const seconds = z.number().positive().max(MAX_SECONDS);
const count = z.int().min(1);
const privilegeLevel = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)], {
  error: 'must be a privilege level, 1 to 5',
});

const channel = z.strictObject({
  schema: schema.optional(),
  reducer: z.enum(REDUCERS).optional(),
  default: z.unknown().optional(),
});

const retry = z.strictObject({
  max_attempts: count.max(1_000).optional(),
  initial_interval_ms: count.optional(),
  backoff: z.number().min(1).max(1_000).optional(),
  max_interval_ms: count.optional(),
  non_retryable: z.array(label).optional(),
});

const base = {
  id: name,
  privilege_level: privilegeLevel.optional(),
  gate: label.optional(),
  retry: retry.optional(),
  timeout_seconds: seconds.optional(),
  heartbeat_seconds: seconds.optional(),
  on_error: label.optional(),
  on_open: label.optional(),
  open_wait_seconds: z.number().min(0).max(MAX_SECONDS).optional(),
  compensate: z.strictObject({ tool: label, arguments: anyValue }).optional(),
};
const result = {
  output: name.optional(),
  outputs: z
    .record(name, z.union([expression, expressionValue], { error: 'must be an expression over result' }))
    .optional(),
};

const node = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('agent'),
    agent: label,
    prompt: anyValue,
    tools: z.array(label).optional(),
    max_turns: count.max(1_000).optional(),
    response_schema: schema.optional(),
    memory: z.enum(['private', 'shared']).optional(),
    ...result,
  }),
  z.strictObject({
    ...base,
    type: z.literal('tool'),
    tool: label,
    arguments: z.unknown().optional(),
    ...result,
  }),
  z.strictObject({
    ...base,
    type: z.literal('function'),
    handler: name,
    arguments: z.unknown().optional(),
    task_queue: label.optional(),
    placement: z.enum(['activity', 'local']).optional(),
    ...result,
  }),
  z.strictObject({ ...base, type: z.literal('transform'), set: z.record(name, z.unknown()) }),
  z.strictObject({ ...base, type: z.literal('gate'), gate: label, payload: z.unknown().optional(), ...result }),
  z.strictObject({
    ...base,
    type: z.literal('workflow'),
    workflow: z.string().regex(WORKFLOW_NAME_PATTERN),
    version: count.optional(),
    input: z.unknown().optional(),
    max_depth: count.max(100).optional(),
    ...result,
  }),
  z.strictObject({
    ...base,
    type: z.literal('wait'),
    seconds: z.unknown().optional(),
    until: z.unknown().optional(),
    signal: label.optional(),
    ...result,
  }),
  z.strictObject({ ...base, type: z.literal('compensate') }),
  z.strictObject({ ...base, type: z.literal('fail'), code: label, message: anyValue }),
]);

const source = z.union([z.string(), z.array(z.union([z.string(), z.array(z.string()).min(1)])).min(1)], {
  error: 'must be a node id, or a join: a list of node ids and of lists of them',
});

const edge = z.strictObject({
  source,
  target: z.string(),
  condition: expression.optional(),
  otherwise: z.literal(true).optional(),
  for_each: expression.optional(),
  max_concurrency: count.max(DEFINITION_LIMITS.nodes).optional(),
  on_item_error: z.enum(['fail', 'collect']).optional(),
});

/** Member names are part of the contract: a member that is not here is an error. */
export const languageSchema = z.strictObject({
  schema: z.literal(DEFINITION_SCHEMA),
  name: z.string().regex(WORKFLOW_NAME_PATTERN),
  description: z.string().optional(),
  input: schema.optional(),
  state: z.record(name, channel).optional(),
  nodes: z.array(node).min(1).max(DEFINITION_LIMITS.nodes),
  edges: z.array(edge).min(1),
  output: z.unknown().optional(),
  hitl_gates: z.record(label, gateSchema).optional(),
  circuit_breaker: breakerSettingsSchema.optional(),
  limits: z.strictObject({ max_steps: count.optional(), timeout_seconds: seconds.optional() }).optional(),
});
