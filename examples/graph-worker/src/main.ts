/** The team's worker, a process of its own: `npm start`. Ends on SIGINT or SIGTERM; others go on with what is under way. */
import { createGraphWorker } from '@aumos/agf-graph-worker';

const worker = await createGraphWorker({
  address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'aumos-agent-framework',
  team: process.env['TEAM'] ?? 'loading',
  graphs: new URL('./graphs.js', import.meta.url),
});
process.stdout.write(`taking graphs from ${worker.taskQueue}\n`);
await worker.run();
