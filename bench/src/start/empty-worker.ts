/** A process of its own, as the platform's worker is: runs what the raw starts start. Its argument is the task queue. */
import { Worker } from '@temporalio/worker';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';

process.on('disconnect', () => process.exit());

const { connection, namespace } = await Temporal.connect();
const workflowBundle = await handWrittenBundle();
const worker = await Worker.create({ connection, namespace, workflowBundle, taskQueue: process.argv[2] ?? '' });
process.send?.('ready');
await worker.run();
