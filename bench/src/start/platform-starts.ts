import { randomUUID } from 'node:crypto';
import { TENANTS } from '@aumos/agf-devstack';
import { type WorkflowDefinition } from '@aumos/agf-domain';
import { Gateway } from '../system/gateway.js';
import { localSystem } from '../system/local.js';
import { PlatformDatabase } from '../system/platform-database.js';

/** More than a round starts. */
const QUOTA = 1_000_000;

const definition = (name: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  input: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  state: { n: { schema: { type: 'integer' }, default: 0 } },
  nodes: [{ id: 'add', type: 'transform', set: { n: { cel: 'input.n + 1' } } }],
  edges: [
    { source: 'START', target: 'add' },
    { source: 'add', target: 'END' },
  ],
  output: { cel: 'state.n' },
});

export interface Starts {
  start(index: number): Promise<void>;
  /** until what was started has ended */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** `POST …/execute` on the real gateway, by an account with a token of the issuer. */
export async function platformStarts(): Promise<Starts> {
  const local = localSystem();
  const database = new PlatformDatabase(local.postgres);
  const gateway = await Gateway.as('acme-developer', local);
  await database.limitTenant(TENANTS.acme, QUOTA);
  const name = `bench-${randomUUID()}`;
  const published = await gateway.post('/workflows', { name, graph_definition: definition(name) });
  if (published.status !== 201) throw new Error(`publishing: ${String(published.status)} ${published.body}`);
  const { id } = JSON.parse(published.body) as { id: string };
  return {
    start: async (index) => {
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await gateway.post(`/workflows/${id}/execute`, { input_data: { n: index } }, headers);
      if (answer.status !== 202) throw new Error(`starting: ${String(answer.status)} ${answer.body}`);
    },
    drained: () => database.drained(),
    close: async () => {
      gateway.close();
      await database.limitTenant(TENANTS.acme, null);
      await database.close();
    },
  };
}
