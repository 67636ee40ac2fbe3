import type { WorkflowDefinition } from '@aumos/agf-domain';

/** The example of the definition language. */
export const datasetPublish: WorkflowDefinition = {
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
};
