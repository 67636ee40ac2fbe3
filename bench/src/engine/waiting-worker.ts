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

/** A record may be repeated. */
const waiting = new Set<string>();
const count: typeof activities.recordWaiting = async ({ ref }) => {
  waiting.add(ref.execution_id);
  process.send?.({ waiting: waiting.size });
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
process.send?.({ waiting: 0 });
await running;
