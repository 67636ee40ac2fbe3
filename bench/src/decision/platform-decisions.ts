import { randomUUID } from 'node:crypto';
import { type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { EndWatch } from '../local/end-watch.js';
import { type Answer, Gateway } from '../system/gateway.js';
import { localSystem } from '../system/local.js';
import { PlatformDatabase } from '../system/platform-database.js';
import { clock } from './clock.js';

export interface Decisions {
  /** @returns from the decision's answer to the beginning of what it allows, ms; below 0: it began first */
  decide(): Promise<number>;
  close(): Promise<void>;
}

const definition = (name: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  state: { began: {} },
  nodes: [
    {
      ...{ id: 'act', type: 'function', handler: 'bench_clock', placement: 'local' },
      ...{ arguments: {}, privilege_level: 3, output: 'began' },
    },
  ],
  edges: [
    { source: 'START', target: 'act' },
    { source: 'act', target: 'END' },
  ],
  output: { cel: 'state.began' },
});

const idOf = ({ status, body }: Answer, wanted: number): string => {
  if (status !== wanted) throw new Error(`${String(status)} ${body}`);
  return (JSON.parse(body) as { id: string }).id;
};

/** `POST /hitl/{id}/approve` on the real gateway; what it allows says when it began. */
export async function platformDecisions(): Promise<Decisions> {
  const local = localSystem();
  const database = new PlatformDatabase(local.postgres);
  const [developer, approver] = [await Gateway.as('acme-developer', local), await Gateway.as('acme-approver-1', local)];
  const ends = new EndWatch(database);
  const name = `bench-${randomUUID()}`;
  const workflow = idOf(await developer.post('/workflows', { name, graph_definition: definition(name) }), 201);
  return {
    decide: async () => {
      const id = idOf(await developer.post(`/workflows/${workflow}/execute`, { input_data: {} }), 202);
      const approval = await eventually(() => database.pausedFor(id), 'an approval', { timeoutMs: 30_000 });
      idOf(await approver.post(`/hitl/${approval}/approve`, {}), 200);
      const answered = clock();
      const { output, error } = await ends.until(id);
      if (typeof output !== 'number') throw new Error(`it ended with ${JSON.stringify(error)}`);
      return output - answered;
    },
    close: async () => {
      for (const gateway of [developer, approver]) gateway.close();
      await database.close();
    },
  };
}
