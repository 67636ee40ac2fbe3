/** A team's worker as a process of its own, to be killed. */
import { createGraphWorker } from '@aumos/agf-graph-worker';

const { TEMPORAL: address, NAMESPACE: namespace, TEAM: team, BUNDLE: codePath } = process.env;
const worker = await createGraphWorker({ address, namespace, team, bundle: { codePath } });
process.stdout.write('ready\n');
await worker.run();
