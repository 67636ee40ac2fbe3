import { graphsQueue, NAME_PATTERN } from '@aumos/agf-domain/runtime';
import { NativeConnection, type NativeConnectionOptions, Worker } from '@temporalio/worker';
import { bundleGraphs, type GraphBundle } from './bundle-graphs.js';

/** Where Temporal is: an address, or a connection of one's own. */
type Reached =
  | { address: string; tls?: NativeConnectionOptions['tls']; connection?: undefined }
  | { connection: NativeConnection; address?: undefined; tls?: undefined };

/** What runs: a module of graphs, or what `bundleGraphs` made of one. */
type Served = { graphs: URL | string; bundle?: undefined } | { bundle: GraphBundle; graphs?: undefined };

export type GraphWorkerOptions = Reached &
  Served & {
    /** default `aumos-agent-framework` */
    namespace?: string;
    /** names the queue, `agf-graphs-<team>`, which function nodes name as their `task_queue` */
    team: string;
    /** graphs kept in memory between their steps, about 2 MB each: the rest is replayed; default 100 */
    maxCachedGraphs?: number;
    identity?: string;
  };

export interface GraphWorker {
  readonly taskQueue: string;
  /** Takes graphs until `shutdown()`, or until SIGINT or SIGTERM. */
  run(): Promise<void>;
  /** Takes no more: others go on with what is under way. Settles like `run()`. */
  shutdown(): Promise<void>;
}

const NAMESPACE = 'aumos-agent-framework';

/** A team's worker for its own graphs. @throws when Temporal is not there, the team has no name, or nothing can be bundled */
export async function createGraphWorker(options: GraphWorkerOptions): Promise<GraphWorker> {
  if (!NAME_PATTERN.test(options.team)) throw new TypeError(`"${options.team}" is no name of a team`);
  const taskQueue = graphsQueue(options.team);
  const workflowBundle = options.bundle ?? (await bundleGraphs(options.graphs));
  const { address, tls } = options;
  const connection = options.connection ?? (await NativeConnection.connect({ address, tls }));
  const close = async (): Promise<void> => {
    if (options.connection === undefined) await connection.close();
  };
  try {
    const worker = await Worker.create({
      connection,
      namespace: options.namespace ?? NAMESPACE,
      taskQueue,
      workflowBundle,
      maxCachedWorkflows: options.maxCachedGraphs ?? 100,
      stickyQueueScheduleToStartTimeout: '1s',
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    });
    return graphWorker(worker, taskQueue, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function graphWorker(worker: Worker, taskQueue: string, close: () => Promise<void>): GraphWorker {
  let running: Promise<void> | undefined;
  const run = (): Promise<void> => (running ??= worker.run().finally(close));
  return {
    taskQueue,
    run,
    shutdown: async () => {
      if (running && worker.getState() === 'RUNNING') worker.shutdown();
      await (running ?? close());
    },
  };
}
