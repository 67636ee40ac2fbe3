import { executionWorkflowId } from '@aumos/agf-domain';
import { TENANTS } from '@aumos/agf-devstack';
import { Client, Connection } from '@temporalio/client';
import { testStack } from '@aumos/agf-testing';

/** The runs of an execution in Temporal: it goes on in a new one before a history grows long. */
export class Runs {
  private constructor(
    private readonly connection: Connection,
    private readonly client: Client,
  ) {}

  static async connect(): Promise<Runs> {
    const { temporal: address, temporal_namespace: namespace } = testStack();
    const connection = await Connection.connect({ address });
    return new Runs(connection, new Client({ connection, namespace }));
  }

  /** @returns events of each run, the oldest first; the last one may still grow */
  async events(executionId: string): Promise<number[]> {
    const query = `WorkflowId = "${executionWorkflowId(TENANTS.acme, executionId)}"`;
    const runs: { began: number; events: number }[] = [];
    for await (const { startTime, historyLength } of this.client.workflow.list({ query }))
      runs.push({ began: startTime.getTime(), events: historyLength });
    return runs.sort((a, b) => a.began - b.began).map(({ events }) => events);
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
