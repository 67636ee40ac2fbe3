import { randomBytes } from 'node:crypto';

/** One run's names differ from the next one's: a system may be used again. */
const RUN = randomBytes(3).toString('hex');
let count = 0;

/** A name no other test has, of the pattern that tables and workflows share. */
export const unique = (name: string): string => `${name}_${RUN}${(count++).toString(36)}`;

/** A definition as JSON: tests also write what the types forbid. */
export type Definition = Record<string, unknown> & { name: string };

/** A gate that asks nobody at level 3, so that a load runs at once. */
export const OPEN_GATE = { gate_name: 'open', trigger_condition: 'false' };

export interface LoadOptions {
  name?: string;
  table: string;
  /** over the default gate, which asks one approver */
  gate?: Record<string, unknown>;
  /** over the load's node */
  node?: Record<string, unknown>;
  /** over the definition */
  more?: Record<string, unknown>;
}

/** One node `load` that loads the artifact of `input.source`. */
export function loadWorkflow({ name = unique('load'), table, gate, node, more }: LoadOptions): Definition {
  return {
    schema: 'agf/workflow/v1',
    name,
    input: { type: 'object', properties: { source: { type: 'string' } }, required: ['source'] },
    state: { loaded: {}, notes: { reducer: 'append' } },
    nodes: [
      {
        id: 'load',
        type: 'tool',
        tool: 'table_load',
        arguments: { source: { cel: 'input.source' }, table },
        output: 'loaded',
        gate: 'publish',
        ...node,
      },
    ],
    edges: [
      { source: 'START', target: 'load' },
      { source: 'load', target: 'END' },
    ],
    output: { cel: "{'loaded': state.loaded, 'notes': state.notes}" },
    hitl_gates: { publish: { gate_name: 'publish', ...gate } },
    ...more,
  };
}

/** The example of the definition language, with a table of its own. */
export function datasetPublish(name: string, table: string): Definition {
  return {
    schema: 'agf/workflow/v1',
    name,
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
        arguments: { source: { cel: 'input.source' }, table },
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
  };
}
