/** Names under which one thing is known to the outside: Temporal, Redis, Kafka, tools. */

/** Source: the definition language, "effect key". Handed to every handler, sent as `Idempotency-Key`. */
export const effectKey = (executionId: string, node: string, visit: number): string =>
  `${executionId}/${node}/${visit}`;
export const executionWorkflowId = (tenantId: string, executionId: string): string => `${tenantId}/${executionId}`;
export const approvalWorkflowId = (tenantId: string, approvalId: string): string =>
  `${tenantId}/approval/${approvalId}`;
/** One hash tag a tenant keeps all of a tenant's keys in one slot of a Redis Cluster. */
export const redisKey = (tenantId: string, ...parts: string[]): string => [`{agf:${tenantId}}`, ...parts].join(':');

export const TASK_QUEUES = { executions: 'agf-executions', approvals: 'agf-approvals' } as const;
/** Redis list on which the gateway hints the dispatcher; losing a hint costs a sweep's delay, nothing else. */
export const DISPATCH_HINTS = 'agf:dispatch';
/** Redis pub/sub channel on which a writer nudges the outbox relays with the shard's number. */
export const OUTBOX_NUDGES = 'agf:outbox';
/** Redis pub/sub channel that tells of new entries in an execution's log. A lost message costs a follower's delay. */
export const executionLogChannel = (tenantId: string, executionId: string): string =>
  redisKey(tenantId, 'execution', executionId, 'log');
/** Redis stream of a tenant's breaker transitions. */
export const breakerTransitionsKey = (tenantId: string): string => redisKey(tenantId, 'breaker', 'transitions');
/** Redis set of the tenant ids that have such a stream. */
export const BREAKER_TENANTS = 'agf:breaker:tenants';
export const OUTBOX_SHARDS = 16;
