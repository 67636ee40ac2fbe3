/**
 * A process that does nothing but hold executions that wait: `waiting-worker.js KIND QUEUE CACHED`. Says when it is
 * ready, how many wait in it, and, when asked, what it holds.
 */
import { createExecutionWorker } from '@aumos/agf-engine/worker';
import { Worker } from '@temporalio/worker';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';
import { activities } from './work.js';

const [kind, taskQueue = '', cached] = process.argv.slice(2);
process.on('disconnect', () => process.exit());

let waiting = 0;
const count = async (): Promise<void> => {
  process.send?.({ waiting: ++waiting });
};
const { connection, namespace } = await Temporal.connect();
const own = { connection, namespace, taskQueue, maxCachedWorkflows: Number(cached) };
const worker =
  kind === 'platform'
    ? await createExecutionWorker({ ...own, activities: { ...activities, recordWaiting: count } })
    : await Worker.create({
        ...own,
        activities: { ...activities, recordWaiting: count },
        workflowBundle: await handWrittenBundle(),
      });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss });
});
const running = worker.run();
process.send?.({ waiting });
await running;
