import { randomUUID } from 'node:crypto';
import { TENANTS } from '@aumos/agf-devstack';
import { type WorkflowDefinition } from '@aumos/agf-domain';
import { timesAtOnce } from '../run/at-once.js';
import { Gateway } from '../system/gateway.js';
import { localSystem } from '../system/local.js';
import { PlatformDatabase } from '../system/platform-database.js';

/** More than a round starts. */
const QUOTA = 1_000_000;
/** Starts that only warm the gateway: with one key, so that one of them is executed. */
const WARMING = 500;

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
  const start = async (n: number, key: string): Promise<void> => {
    const headers = { 'idempotency-key': key };
    const answer = await gateway.post(`/workflows/${id}/execute`, { input_data: { n } }, headers);
    if (answer.status !== 202) throw new Error(`starting: ${String(answer.status)} ${answer.body}`);
  };
  await timesAtOnce(WARMING, 20, () => start(0, 'warm'));
  await database.drained();
  return {
    start: (index) => start(index, randomUUID()),
    drained: () => database.drained(),
    close: async () => {
      gateway.close();
      await database.limitTenant(TENANTS.acme, null);
      await database.close();
    },
  };
}
