import { randomUUID } from 'node:crypto';
import { type DomainEvent, type EventType, type JsonObject, storableJson } from '@aumos/agf-domain';
import type { ExecutionRef } from '@aumos/agf-engine/common';

/** A fact about the execution, to be appended in the transaction of the change it tells of. */
export const eventOf = (ref: ExecutionRef, type: EventType, data: JsonObject, occurredAt: Date): DomainEvent => ({
  event_id: randomUUID(),
  event_type: type,
  tenant_id: ref.tenant_id,
  aggregate_type: 'execution',
  aggregate_id: ref.execution_id,
  actor_id: ref.initiator,
  correlation_id: ref.execution_id,
  occurred_at: occurredAt.toISOString(),
  data: { execution_id: ref.execution_id, workflow_id: ref.workflow_id, ...storableJson(data) },
  ...(ref.traceparent ? { traceparent: ref.traceparent } : {}),
});
