/** The team's worker, a process of its own: `npm start`. Ends on SIGINT or SIGTERM, once the calls under way have. */
import { createNodeWorker, nodesQueue } from '@aumos/agf-node-worker';
import { agents, handlers } from './handlers.js';

const worker = await createNodeWorker({
  address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'aumos-agent-framework',
  taskQueue: process.env['TASK_QUEUE'] ?? nodesQueue('pricing'),
  handlers,
  agents,
});
process.stdout.write(`taking calls from ${worker.taskQueue}\n`);
await worker.run();
