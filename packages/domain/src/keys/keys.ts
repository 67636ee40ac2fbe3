/** Names under which one thing is known to the outside: Temporal, Redis, Kafka, tools. */

/** Source: the definition language, "effect key". Handed to every handler, sent as `Idempotency-Key`. */
export const effectKey = (executionId: string, node: string, visit: number): string =>
  `${executionId}/${node}/${visit}`;
export const executionWorkflowId = (tenantId: string, executionId: string): string => `${tenantId}/${executionId}`;
export const approvalWorkflowId = (tenantId: string, approvalId: string): string =>
  `${tenantId}/approval/${approvalId}`;
/** One hash tag a tenant keeps all of a tenant's keys in one slot of a Redis Cluster. */
export const redisKey = (tenantId: string, ...parts: string[]): string => [`{agf:${tenantId}}`, ...parts].join(':');

export const TASK_QUEUES = {
  executions: 'agf-executions',
  approvals: 'agf-approvals',
  /** of function nodes that name none, where no setting says otherwise */
  nodes: 'agf-nodes-default',
} as const;
/** Queues a function node may not name: the platform's own. */
export const RESERVED_TASK_QUEUES: ReadonlySet<string> = new Set([TASK_QUEUES.executions, TASK_QUEUES.approvals]);
/** The queue of a team's own worker. */
export const nodesQueue = (team: string): string => `agf-nodes-${team}`;
/**
 * Under which the steps inside of an agent's visit are visits of their own: no node id has a `~`. Turns of the model are
 * counted by it, calls of one tool by the name below it, in the order in which the model asked for them.
 */
export const agentTurnsNode = (node: string, visit: number): string => `${node}~${visit}`;
export const agentCallNode = (node: string, visit: number, tool: string): string => `${node}~${visit}~${tool}`;
/** What an agent remembered when a visit of it began. No tool has a dot in its name. */
export const agentMemoryNode = (node: string, visit: number): string => `${node}~${visit}~.memory`;
const GRAPHS_QUEUE = 'agf-graphs-';
/** The queue of a team's own graphs: a function node that names it calls one. */
export const graphsQueue = (team: string): string => GRAPHS_QUEUE + team;
export const isGraphsQueue = (queue: string | undefined): boolean => queue?.startsWith(GRAPHS_QUEUE) === true;
/** The workflow of a graph that a visit calls. */
export const teamGraphWorkflowId = (tenantId: string, executionId: string, node: string, visit: number): string =>
  `${executionWorkflowId(tenantId, executionId)}/graph/${node}/${String(visit)}`;
const BREAKER_QUEUE_LENGTH = 50;
/**
 * The breaker of a function node's handler. A handler is to its node what a tool is, so its key has the form of a
 * tool's and everything that lists, shows and isolates breakers takes it; the prefix keeps it from a tool of the same name
 * (a handler's name has no dot), the queue from another team's handler of the same name.
 */
export const functionBreakerKey = (node: { handler: string; task_queue?: string }): `tool:${string}` => {
  const queue = node.task_queue?.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, BREAKER_QUEUE_LENGTH);
  return `tool:function.${node.handler}${queue === undefined ? '' : `.${queue}`}`;
};
const BREAKER_HOST_LENGTH = 62;
/**
 * The breakers of a tool's call, the one that counts it first. What goes to a URL of its arguments is counted by that
 * URL's host, so that one site that is down takes no other with it; the tool's own then only refuses, while somebody
 * has isolated it. Of very long hosts the end tells them apart.
 * @param host as `URL.host` has it
 */
export const toolBreakerKeys = (tool: string, host?: string): [`tool:${string}`, ...`tool:${string}`[]] => {
  const own = `tool:${tool}` as const;
  if (host === undefined) return [own];
  return [`${own}.${host.replace(/[^A-Za-z0-9_.-]/g, '-').slice(-BREAKER_HOST_LENGTH)}`, own];
};
/** Redis list on which the gateway hints the dispatcher; losing a hint costs a sweep's delay, nothing else. */
export const DISPATCH_HINTS = 'agf:dispatch';
/** Redis pub/sub channel that tells of new entries in an execution's log. A lost message costs a follower's delay. */
export const executionLogChannel = (tenantId: string, executionId: string): string =>
  redisKey(tenantId, 'execution', executionId, 'log');
/** Redis stream of a tenant's breaker transitions. */
export const breakerTransitionsKey = (tenantId: string): string => redisKey(tenantId, 'breaker', 'transitions');
/** Redis set of the tenant ids that have such a stream. */
export const BREAKER_TENANTS = 'agf:breaker:tenants';
export const OUTBOX_SHARDS = 16;
