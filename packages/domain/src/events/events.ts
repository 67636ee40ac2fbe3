import type { JsonObject } from '../json/json.js';

/** The ten facts that leave the platform. Source: the seed's list of Kafka topics; topic = event type. */
export const EVENT_TYPES = [
  'agf.workflow.started',
  'agf.workflow.completed',
  'agf.workflow.failed',
  'agf.workflow.paused_hitl',
  'agf.agent.invoked',
  'agf.hitl.approval_requested',
  'agf.hitl.approved',
  'agf.hitl.rejected',
  'agf.circuit_breaker.opened',
  'agf.circuit_breaker.closed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
export type AggregateType = 'execution' | 'approval' | 'agent' | 'breaker';

/** A fact, as it is written to the outbox beside the change it tells of. `data` has the members of its protobuf message, snake_case. */
export interface DomainEvent {
  /** uuid; consumers dedupe by it */
  event_id: string;
  event_type: EventType;
  tenant_id: string;
  aggregate_type: AggregateType;
  aggregate_id: string;
  /** who caused it: a token's sub, or `system` */
  actor_id: string;
  /** request id or execution id that joins what belongs together */
  correlation_id: string;
  /** RFC 3339 */
  occurred_at: string;
  data: JsonObject;
  /** W3C trace context of the writer */
  traceparent?: string;
}
export const aggregateKey = (e: Pick<DomainEvent, 'tenant_id' | 'aggregate_type' | 'aggregate_id'>): string =>
  `${e.tenant_id}:${e.aggregate_type}/${e.aggregate_id}`;
