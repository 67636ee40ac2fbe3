import { randomUUID } from 'node:crypto';
import type { ExecutionError, Json } from '@aumos/agf-domain';
import {
  ExecutionsRepository,
  type NewStep,
  StepsRepository,
  TenantDb,
  VisitsRepository,
} from '@aumos/agf-persistence';
import type { Gateway } from './gateway.js';

/** Two steps: `first`, then `load` and `note` at once, then the end. */
export const definition = (name: string): object => ({
  schema: 'agf/workflow/v1',
  name,
  input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  state: { n: { schema: { type: 'integer' } }, log: { reducer: 'append' } },
  nodes: [
    { id: 'first', type: 'transform', set: { n: 1, log: 'a' } },
    { id: 'load', type: 'transform', set: { log: 'b' } },
    { id: 'note', type: 'transform', set: { log: 'c' } },
  ],
  edges: [
    { source: 'START', target: 'first' },
    { source: 'first', target: 'load' },
    { source: 'first', target: 'note' },
    { source: 'load', target: 'END' },
    { source: 'note', target: 'END' },
  ],
});
const once = { visit: 1, item: null };
export const STEPS: NewStep[] = [
  { step: 1, due: { first: [once] }, joins: {}, ended: false, writes: {} },
  {
    step: 2,
    due: { note: [once], load: [once, { visit: 2, item: null }] },
    joins: {},
    ended: false,
    writes: { n: [1], log: ['a'] },
  },
  { step: 3, due: {}, joins: {}, ended: true, writes: { log: ['b', 'c'] } },
];
export const FAILED: ExecutionError = { code: 'E', message: 'm', node: 'load', visit: 2, attempts: 1, details: {} };

export async function publish(gateway: Gateway): Promise<string> {
  const name = `flow-${randomUUID()}`;
  const made = await gateway.call('POST', '/workflows', { name, graph_definition: definition(name) });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return (made.body as { id: string }).id;
}

/** An execution as its worker would leave it. @returns its id */
export async function anExecution(
  gateway: Gateway,
  workflow: string,
  as: {
    steps?: NewStep[];
    status?: 'failed' | 'completed' | 'cancelled' | 'running';
    error?: ExecutionError;
    input?: Json;
  } = {},
): Promise<string> {
  const { steps = STEPS, status, error = FAILED, input = { n: 1 } } = as;
  const started = await gateway.call('POST', `/workflows/${workflow}/execute`, { input_data: input });
  if (started.status !== 202) throw new Error(JSON.stringify(started.body));
  const { id } = started.body as { id: string };
  const executions = gateway.app.get(ExecutionsRepository);
  await gateway.app.get(TenantDb).run(gateway.tenant, async () => {
    await gateway.app.get(StepsRepository).record(id, steps);
    const ended = {
      execution_id: id,
      visit: 1,
      item: null,
      type: 'transform',
      status: 'completed' as const,
      input: null,
      output: null,
      error: null,
    };
    const times = { started_at: '2026-01-02T03:04:05Z', completed_at: '2026-01-02T03:04:06Z' };
    await gateway.app.get(VisitsRepository).recordEnded([{ ...ended, ...times, node: 'first', step: 1 }]);
    if (status) await executions.markRunning(id);
    if (status && status !== 'running') await executions.finish(id, { status, error });
  });
  return id;
}
