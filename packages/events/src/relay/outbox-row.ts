import { type AggregateType, type DomainEvent, type EventType, type JsonObject } from '@aumos/agf-domain';

/** A row of agf_outbox as the relay reads it. */
export interface OutboxRow {
  seq: string;
  id: string;
  tenant_id: string;
  event_type: string;
  aggregate_type: string;
  aggregate_id: string;
  version: string;
  actor_id: string;
  correlation_id: string;
  occurred_at: Date;
  data: JsonObject;
  traceparent: string | null;
  failed_attempts: number;
  /** a send was begun and its end is not known; milliseconds since the epoch, of the database's clock */
  sending_at_ms: string | null;
  /** how long ago that was */
  sending_age_ms: number | null;
}

export const eventOfRow = (row: OutboxRow): DomainEvent => ({
  event_id: row.id,
  event_type: row.event_type as EventType,
  tenant_id: row.tenant_id,
  aggregate_type: row.aggregate_type as AggregateType,
  aggregate_id: row.aggregate_id,
  actor_id: row.actor_id,
  correlation_id: row.correlation_id,
  occurred_at: row.occurred_at.toISOString(),
  data: row.data,
  ...(row.traceparent !== null && { traceparent: row.traceparent }),
});
