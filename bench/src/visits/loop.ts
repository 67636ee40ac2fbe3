import { type WorkflowDefinition } from '@aumos/agf-domain';

const HOURS = 3600;

/** One local function node, visited until `n` is as large as the input says. */
export const loopOf = (visits: number, name: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  input: { type: 'object', properties: { visits: { type: 'integer' } }, required: ['visits'] },
  state: { n: { schema: { type: 'integer' }, default: 0 } },
  nodes: [
    {
      id: 'again',
      type: 'function',
      handler: 'bench_add_one',
      placement: 'local',
      arguments: { n: { cel: 'state.n' } },
      output: 'n',
    },
  ],
  edges: [
    { source: 'START', target: 'again' },
    { source: 'again', target: 'again', condition: 'state.n < input.visits' },
    { source: 'again', target: 'END', otherwise: true },
  ],
  output: { cel: 'state.n' },
  limits: { max_steps: visits + 1, timeout_seconds: 24 * HOURS },
});
