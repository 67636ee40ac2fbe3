import { randomUUID } from 'node:crypto';
import { TENANTS } from '@aumos/agf-devstack';
import { type Json, type WorkflowDefinition } from '@aumos/agf-domain';
import { Gateway } from '../system/gateway.js';
import { localSystem } from '../system/local.js';
import { type EndedRun, PlatformDatabase } from '../system/platform-database.js';
import { EndWatch } from './end-watch.js';

/** More than a round starts. */
const QUOTA = 1_000_000;

/** Executions on the running system: the real gateway, worker, journal, Temporal. */
export class PlatformRuns {
  private readonly ends: EndWatch;

  private constructor(
    private readonly gateway: Gateway,
    readonly database: PlatformDatabase,
  ) {
    this.ends = new EndWatch(database);
  }

  static async open(): Promise<PlatformRuns> {
    const local = localSystem();
    const database = new PlatformDatabase(local.postgres);
    await database.limitTenant(TENANTS.acme, QUOTA);
    return new PlatformRuns(await Gateway.as('acme-developer', local), database);
  }

  /** @param definition by its new name @returns its id */
  async publish(definition: (name: string) => WorkflowDefinition): Promise<string> {
    const name = `bench-${randomUUID()}`;
    const answer = await this.gateway.post('/workflows', { name, graph_definition: definition(name) });
    if (answer.status !== 201) throw new Error(`publishing: ${String(answer.status)} ${answer.body}`);
    return (JSON.parse(answer.body) as { id: string }).id;
  }

  /** @returns the execution's id, once it is accepted */
  async start(workflowId: string, input: Json): Promise<string> {
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await this.gateway.post(`/workflows/${workflowId}/execute`, { input_data: input }, headers);
    if (answer.status !== 202) throw new Error(`starting: ${String(answer.status)} ${answer.body}`);
    return (JSON.parse(answer.body) as { id: string }).id;
  }

  /** @returns how long the execution took by its row, from when it was accepted to when its end was recorded, ms */
  async run(workflowId: string, input: Json, output: Json): Promise<number> {
    return checked(await this.ends.until(await this.start(workflowId, input)), output);
  }

  /** @returns from the first node's begin to the last one's end, by the journal, ms */
  async runNodes(workflowId: string, input: Json, output: Json): Promise<number> {
    const ended = await this.ends.until(await this.start(workflowId, input));
    checked(ended, output);
    return this.database.nodesTook(ended.id);
  }

  async close(): Promise<void> {
    this.gateway.close();
    await this.database.limitTenant(TENANTS.acme, null);
    await this.database.close();
  }
}

function checked({ status, output, error, took_ms }: EndedRun, expected: Json): number {
  const told = JSON.stringify(output);
  if (status !== 'completed' || told !== JSON.stringify(expected))
    throw new Error(`the execution ended ${status} with ${told} ${JSON.stringify(error)}`);
  return took_ms;
}
