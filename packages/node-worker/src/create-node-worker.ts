import { NAME_PATTERN, RESERVED_TASK_QUEUES } from '@aumos/agf-domain/runtime';
import {
  AGENT_TURN_ACTIVITY,
  HANDLER_ACTIVITY,
  type ExecutorCall,
  type ExecutorReply,
  type HandlerCall,
  type HandlerReply,
} from '@aumos/agf-engine/common';
import { activityContext, openTeamWorker, type TeamWorker, type TemporalAt } from '@aumos/agf-engine/worker';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { AgentExecutors } from './agent-executor.js';
import { callExecutor } from './call-executor.js';
import { callHandler } from './call-handler.js';
import { callSite } from './call-site.js';
import type { Handlers } from './define-handler.js';

export type NodeWorkerOptions = TemporalAt & {
  /** default `aumos-agent-framework` */
  namespace?: string;
  /** what function nodes name as their `task_queue`: see `nodesQueue(team)` */
  taskQueue: string;
  handlers?: Handlers;
  /** what agents of the platform name as their `executor` */
  agents?: AgentExecutors;
  /** calls at once; default 100 */
  maxConcurrentCalls?: number;
  /** ms that calls under way may go on for after `shutdown()`; then they are cancelled, and given to another worker */
  shutdownGraceMs?: number;
  identity?: string;
};

/** Takes calls from its queue. */
export type NodeWorker = TeamWorker;

const NAMESPACE = 'aumos-agent-framework';
const GRACE_MS = 10_000;
/** Between the grace and the end of a process whose handlers do not listen to their signal. */
const FORCE_MS = 5_000;
const HEARTBEAT_THROTTLE_MS = 300;

/** A team's worker: runs the handlers of its function nodes, and the executors of its agents. @throws when Temporal is not there, or a name is none */
export async function createNodeWorker(options: NodeWorkerOptions): Promise<NodeWorker> {
  const { taskQueue, handlers = {}, agents = {}, shutdownGraceMs = GRACE_MS } = options;
  checkNames(taskQueue, { ...handlers, ...agents });
  return openTeamWorker(options, taskQueue, (connection) =>
    Worker.create({
      connection,
      namespace: options.namespace ?? NAMESPACE,
      taskQueue,
      activities: { [HANDLER_ACTIVITY]: handlerActivity(handlers), [AGENT_TURN_ACTIVITY]: turnActivity(agents) },
      interceptors: { activity: [activityContext] },
      maxConcurrentActivityTaskExecutions: options.maxConcurrentCalls ?? 100,
      maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
      shutdownGraceTime: shutdownGraceMs,
      shutdownForceTime: shutdownGraceMs + FORCE_MS,
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    }),
  );
}

const handlerActivity =
  (handlers: Handlers) =>
  async (call: HandlerCall): Promise<HandlerReply> => {
    const started = Date.now();
    const result = await callHandler(handlers, call, callSite());
    return { result, attempt: Context.current().info.attempt, duration_ms: Date.now() - started };
  };

const turnActivity =
  (agents: AgentExecutors) =>
  async (call: ExecutorCall): Promise<ExecutorReply> => {
    const started = Date.now();
    const step = await callExecutor(agents, call, callSite());
    return { step, attempt: Context.current().info.attempt, duration_ms: Date.now() - started };
  };

function checkNames(taskQueue: string, named: object): void {
  if (taskQueue === '' || RESERVED_TASK_QUEUES.has(taskQueue))
    throw new TypeError(`"${taskQueue}" is no queue for handlers: see nodesQueue(team)`);
  const wrong = Object.keys(named).filter((name) => !NAME_PATTERN.test(name));
  if (wrong.length > 0) throw new TypeError(`no names of handlers or executors: ${wrong.join(', ')}`);
}
