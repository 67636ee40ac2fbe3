import { graphsQueue, NAME_PATTERN } from '@aumos/agf-domain/runtime';
import { openTeamWorker, type TeamWorker, type TemporalAt } from '@aumos/agf-engine/worker';
import { Worker } from '@temporalio/worker';
import { bundleGraphs, type GraphBundle } from './bundle-graphs.js';

/** What runs: a module of graphs, or what `bundleGraphs` made of one. */
type Served = { graphs: URL | string; bundle?: undefined } | { bundle: GraphBundle; graphs?: undefined };

export type GraphWorkerOptions = TemporalAt &
  Served & {
    /** default `aumos-agent-framework` */
    namespace?: string;
    /** names the queue, `agf-graphs-<team>`, which function nodes name as their `task_queue` */
    team: string;
    /** graphs kept in memory between their steps, about 2 MB each: the rest is replayed; default 100 */
    maxCachedGraphs?: number;
    identity?: string;
  };

/** Takes graphs from its queue; others go on with what is under way when it shuts down. */
export type GraphWorker = TeamWorker;

const NAMESPACE = 'aumos-agent-framework';

/** A team's worker for its own graphs. @throws when Temporal is not there, the team has no name, or nothing can be bundled */
export async function createGraphWorker(options: GraphWorkerOptions): Promise<GraphWorker> {
  if (!NAME_PATTERN.test(options.team)) throw new TypeError(`"${options.team}" is no name of a team`);
  const taskQueue = graphsQueue(options.team);
  const workflowBundle = options.bundle ?? (await bundleGraphs(options.graphs));
  return openTeamWorker(options, taskQueue, (connection) =>
    Worker.create({
      connection,
      namespace: options.namespace ?? NAMESPACE,
      taskQueue,
      workflowBundle,
      maxCachedWorkflows: options.maxCachedGraphs ?? 100,
      stickyQueueScheduleToStartTimeout: '1s',
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    }),
  );
}
