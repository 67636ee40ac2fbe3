import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import type { WorkflowDefinition } from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { graphsQueue } from '../../src/index.js';

/** A worker that is not made with the kit. */
export class RogueTeam {
  private constructor(
    private readonly connection: NativeConnection,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
  ) {}

  static async open(): Promise<RogueTeam> {
    const { temporal: address, temporal_namespace: namespace } = testStack();
    const connection = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      ...{ connection, namespace, taskQueue: graphsQueue(`t${randomUUID().slice(0, 8)}`) },
      workflowsPath: fileURLToPath(new URL('./rogue-graph.mjs', import.meta.url)),
    });
    return new RogueTeam(connection, worker, worker.run());
  }

  get calling(): WorkflowDefinition {
    const task_queue = this.worker.options.taskQueue;
    return {
      schema: 'agf/workflow/v1',
      name: 'calls-a-rogue',
      nodes: [{ id: 'g', type: 'function', handler: 'any', task_queue }],
      edges: [
        { source: 'START', target: 'g' },
        { source: 'g', target: 'END' },
      ],
    };
  }

  async close(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.connection.close();
  }
}
