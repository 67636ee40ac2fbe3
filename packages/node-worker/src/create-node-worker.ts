import { NAME_PATTERN, RESERVED_TASK_QUEUES } from '@aumos/agf-domain/runtime';
import { HANDLER_ACTIVITY, type HandlerCall, type HandlerReply } from '@aumos/agf-engine/common';
import { activityContext } from '@aumos/agf-engine/worker';
import { Context } from '@temporalio/activity';
import { NativeConnection, type NativeConnectionOptions, Worker } from '@temporalio/worker';
import { callHandler } from './call-handler.js';
import { callSite } from './call-site.js';
import type { Handlers } from './define-handler.js';

/** Where Temporal is: an address, or a connection of one's own. */
type Reached =
  | { address: string; tls?: NativeConnectionOptions['tls']; connection?: undefined }
  | { connection: NativeConnection; address?: undefined; tls?: undefined };

export type NodeWorkerOptions = Reached & {
  /** default `aumos-agent-framework` */
  namespace?: string;
  /** what function nodes name as their `task_queue`: see `nodesQueue(team)` */
  taskQueue: string;
  handlers: Handlers;
  /** calls at once; default 100 */
  maxConcurrentCalls?: number;
  /** ms that calls under way may go on for after `shutdown()`; then they are cancelled, and given to another worker */
  shutdownGraceMs?: number;
  identity?: string;
};

export interface NodeWorker {
  readonly taskQueue: string;
  /** Takes calls until `shutdown()`, or until SIGINT or SIGTERM; settles once those under way have ended. */
  run(): Promise<void>;
  /** Takes no more calls. Settles like `run()`. */
  shutdown(): Promise<void>;
}

const NAMESPACE = 'aumos-agent-framework';
const GRACE_MS = 10_000;
/** Between the grace and the end of a process whose handlers do not listen to their signal. */
const FORCE_MS = 5_000;
const HEARTBEAT_THROTTLE_MS = 300;

/** A team's worker: runs the handlers of its function nodes. @throws when Temporal is not there, or a name is none */
export async function createNodeWorker(options: NodeWorkerOptions): Promise<NodeWorker> {
  const { taskQueue, handlers, shutdownGraceMs = GRACE_MS } = options;
  checkNames(taskQueue, handlers);
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
      activities: { [HANDLER_ACTIVITY]: handlerActivity(handlers) },
      interceptors: { activity: [activityContext] },
      maxConcurrentActivityTaskExecutions: options.maxConcurrentCalls ?? 100,
      maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
      shutdownGraceTime: shutdownGraceMs,
      shutdownForceTime: shutdownGraceMs + FORCE_MS,
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    });
    return nodeWorker(worker, taskQueue, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function nodeWorker(worker: Worker, taskQueue: string, close: () => Promise<void>): NodeWorker {
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

const handlerActivity =
  (handlers: Handlers) =>
  async (call: HandlerCall): Promise<HandlerReply> => {
    const started = Date.now();
    const result = await callHandler(handlers, call, callSite());
    return { result, attempt: Context.current().info.attempt, duration_ms: Date.now() - started };
  };

function checkNames(taskQueue: string, handlers: Handlers): void {
  if (taskQueue === '' || RESERVED_TASK_QUEUES.has(taskQueue))
    throw new TypeError(`"${taskQueue}" is no queue for handlers: see nodesQueue(team)`);
  const wrong = Object.keys(handlers).filter((name) => !NAME_PATTERN.test(name));
  if (wrong.length > 0) throw new TypeError(`no names of handlers: ${wrong.join(', ')}`);
}
