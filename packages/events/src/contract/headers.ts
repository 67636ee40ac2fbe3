import { type DomainEvent } from '@aumos/agf-domain';
import { ownerOf, SCHEMA_VERSION } from './registry.js';

/** Headers as kafkajs hands them out. */
export type KafkaHeaders = Record<string, Buffer | string | (Buffer | string)[] | undefined>;

/** CloudEvents 1.0 in Kafka's binary mode, and the envelope under the names the platform's consumers know. */
export function headersOf(event: DomainEvent, version: number): Record<string, string> {
  return {
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: event.event_id,
    ce_type: event.event_type,
    ce_source: `/aumos/agent-framework/${ownerOf(event.event_type)}`,
    ce_time: event.occurred_at,
    ce_subject: event.aggregate_id,
    ce_tenantid: event.tenant_id,
    ce_aggregateversion: String(version),
    event_id: event.event_id,
    event_type: event.event_type,
    schema_version: SCHEMA_VERSION,
    tenant_id: event.tenant_id,
    actor_id: event.actor_id,
    resource_id: event.aggregate_id,
    occurred_at: event.occurred_at,
    correlation_id: event.correlation_id,
    ...(event.traceparent && traceHeaders(event.traceparent)),
  };
}

/** Twice: instrumented clients overwrite `traceparent` on the way; CloudEvents' own attribute stays the writer's. */
const traceHeaders = (traceparent: string): Record<string, string> => ({ traceparent, ce_traceparent: traceparent });

/** The header as text, '' when it is absent. */
export function headerText(headers: KafkaHeaders | undefined, name: string): string {
  const value = headers?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first?.toString() ?? '';
}
