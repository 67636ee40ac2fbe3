import type { JsonObject, WorkflowDefinition } from '../src/index.js';
import { datasetPublish } from './definition-fixtures.js';

/** Every node type, every kind of edge, every reducer. */
const everything = (): JsonObject => ({
  schema: 'agf/workflow/v1',
  name: 'everything',
  input: { type: 'object' },
  state: {
    text: { schema: { type: 'string' } },
    started: { schema: { type: 'boolean' }, default: false },
    found: { reducer: 'append', default: ['first'] },
    kinds: { reducer: 'union' },
    facts: { reducer: 'merge' },
    total: { reducer: 'sum' },
    least: { reducer: 'min' },
    most: { reducer: 'max' },
    ask: {},
  },
  nodes: [
    { id: 'ask', type: 'agent', agent: 'writer', prompt: { cel: 'input.topic' }, tools: ['any'], output: 'text' },
    { id: 'each', type: 'function', handler: 'score', arguments: { cel: 'item' }, output: 'total' },
    { id: 'sort', type: 'transform', set: { kinds: ['a'], facts: {} } },
    { id: 'agree', type: 'gate', gate: 'publish', payload: {}, on_error: 'undo' },
    { id: 'below', type: 'workflow', workflow: 'other.one', version: 2, input: {}, on_open: 'CONTINUE' },
    { id: 'rest', type: 'wait', signal: 'go', timeout_seconds: 60, on_error: 'undo', on_open: 'stop' },
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: {},
      gate: 'publish',
      privilege_level: 4,
      compensate: { tool: 'wipe', arguments: {} },
    },
    { id: 'undo', type: 'compensate' },
    { id: 'stop', type: 'fail', code: 'STOPPED', message: 'no' },
  ],
  edges: [
    { source: 'START', target: 'ask' },
    { source: 'START', target: 'sort' },
    { source: 'ask', target: 'each', for_each: 'state.found', max_concurrency: 4, on_item_error: 'collect' },
    { source: 'sort', target: 'agree', condition: 'state.text == "x"' },
    { source: 'sort', target: 'each', condition: 'size(state.found) > 1', for_each: 'state.kinds' },
    { source: 'sort', target: 'below', otherwise: true },
    { source: ['each', ['agree', 'below']], target: 'rest' },
    { source: 'rest', target: 'each', for_each: 'state.kinds' },
    { source: 'rest', target: 'load', condition: 'state.started' },
    { source: 'rest', target: 'END', otherwise: true },
    { source: 'load', target: 'END' },
    { source: 'undo', target: 'END' },
  ],
  hitl_gates: { publish: { gate_name: 'publish' } },
});

/** Texts that mean something in a diagram, in HTML, in a program or in its comments. */
export const HOSTILE_TEXTS = [
  '"]; click n0 "javascript:alert(1)"',
  '<img src=x onerror=alert(1)>',
  '%%{init: {"securityLevel": "loose"}}%%',
  '`**markdown**`',
  'end',
  'a\nb --> c',
  'a\u2028b',
  '*/ process.exit(1) /*',
  '${process.exit(1)}',
  `'); process.exit(1); ('`,
  '\\',
  '#quot;',
  '|x| y',
  '\u202Eright to left',
  '\ud800',
  '__proto__',
  'constructor',
];

/** Not checked, as an editor may hold it: hostile wherever a text can stand, ids included. */
export const hostile = (text: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name: text,
  state: Object.fromEntries([[text, { default: text }]]),
  nodes: [
    { id: text, type: 'tool', tool: text, gate: text, on_error: text, on_open: 'elsewhere' },
    { id: 'again', type: 'fail', code: text, message: text },
    { id: 'again', type: 'transform', set: {} },
  ],
  edges: [
    { source: 'START', target: text },
    { source: text, target: 'again', condition: text },
    { source: text, target: 'nowhere', for_each: text, otherwise: true },
    { source: [text, ['again', text]], target: 'END' },
    { source: 'END', target: 'START' },
  ],
});

export const EXPORTED: Record<string, WorkflowDefinition> = {
  'dataset-publish': datasetPublish() as unknown as WorkflowDefinition,
  everything: everything() as unknown as WorkflowDefinition,
};
