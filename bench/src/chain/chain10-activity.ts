import { randomUUID } from 'node:crypto';
import { executionWorkflowId } from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import { WORKFLOW_TASK_TIMEOUT } from '@aumos/agf-engine/common';
import { createExecutionWorker } from '@aumos/agf-engine/worker';
import { Worker } from '@temporalio/worker';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';
import { activities, LENGTH, handWrittenStart, platformStart } from './chain-of-ten.js';

/** Both sides start eagerly, from the process of their worker; each has a task queue of its own. */
export const chain10Activity: Benchmark = {
  name: 'chain10.activity',
  unit: 'ms',
  against: 'hand-written workflow',
  goal: { kind: 'ratio', most: 1.1 },
  open: async ({ quick }) => {
    const calls = quick ? 3 : 8;
    const temporal = await Temporal.connect();
    const { client, connection, namespace } = temporal;
    const own = { connection, namespace, activities };
    const queues = { platform: `bench-graph-${randomUUID()}`, hand: `bench-hand-${randomUUID()}` };
    temporal.run(await createExecutionWorker({ ...own, taskQueue: queues.platform }));
    const workflowBundle = await handWrittenBundle();
    temporal.run(await Worker.create({ ...own, workflowBundle, taskQueue: queues.hand }));

    const platform = async (): Promise<void> => {
      const start = platformStart();
      await startGraphWorkflow(client, start, { taskQueue: queues.platform, eager: true });
      const { tenant_id, execution_id } = start;
      const output: unknown = await client.workflow.getHandle(executionWorkflowId(tenant_id, execution_id)).result();
      if (output !== LENGTH) throw new Error(`the chain ended with ${String(output)}`);
    };
    const byHand = (): Promise<unknown> =>
      client.workflow.execute('handWritten', {
        workflowId: `bench-${randomUUID()}`,
        taskQueue: queues.hand,
        args: [handWrittenStart()],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        requestEagerStart: true,
      });
    return {
      measured: { round: () => timesAtOnce(calls, 1, platform) },
      against: { round: () => timesAtOnce(calls, 1, byHand) },
      close: () => temporal.close(),
    };
  },
};
