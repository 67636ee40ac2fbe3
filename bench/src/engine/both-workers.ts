import { randomUUID } from 'node:crypto';
import { executionWorkflowId } from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import { WORKFLOW_TASK_TIMEOUT } from '@aumos/agf-engine/common';
import { createExecutionWorker } from '@aumos/agf-engine/worker';
import { type WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';
import { activities, handWrittenStart, platformStart, type Work } from './work.js';

/** A worker of the engine and one of workflows written by hand, in this process, on queues of their own. */
export class BothWorkers {
  private readonly queues = { platform: `bench-graph-${randomUUID()}`, hand: `bench-hand-${randomUUID()}` };

  private constructor(private readonly temporal: Temporal) {}

  static async open(): Promise<BothWorkers> {
    const temporal = await Temporal.connect();
    const both = new BothWorkers(temporal);
    const { connection, namespace } = temporal;
    const own = { connection, namespace, activities };
    temporal.run(await createExecutionWorker({ ...own, taskQueue: both.queues.platform }));
    const workflowBundle = await handWrittenBundle();
    temporal.run(await Worker.create({ ...own, workflowBundle, taskQueue: both.queues.hand }));
    return both;
  }

  /** Started eagerly; returns when it has ended. */
  async platform(work: Work): Promise<WorkflowHandle> {
    const { client } = this.temporal;
    const start = platformStart(work);
    await startGraphWorkflow(client, start, { taskQueue: this.queues.platform, eager: true });
    const handle = client.workflow.getHandle(executionWorkflowId(start.tenant_id, start.execution_id));
    const output: unknown = await handle.result();
    if (output !== work.output) throw new Error(`${work.definition.name} ended with ${String(output)}`);
    return handle;
  }

  /** The same by hand. */
  async byHand(work: Work): Promise<WorkflowHandle> {
    const handle = await this.temporal.client.workflow.start('handWritten', {
      workflowId: `bench-${randomUUID()}`,
      taskQueue: this.queues.hand,
      args: [handWrittenStart(work)],
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      requestEagerStart: true,
    });
    await handle.result();
    return handle;
  }

  close(): Promise<void> {
    return this.temporal.close();
  }
}
