import { create, toBinary } from '@bufbuild/protobuf';
import { aggregateKey, type DomainEvent } from '@aumos/agf-domain';
import { EventEnvelopeSchema, type EventEnvelope } from '../gen/aumos/events/v1/agent_framework_pb.js';
import { EventEncodingError } from './errors.js';
import { headersOf } from './headers.js';
import { isInstant, isUuid } from './identity.js';
import { payloadFromData } from './payload.js';
import { EVENT_SCHEMAS, isEventType, SCHEMA_VERSION, topicOf } from './registry.js';

/** Largest value of a record, in bytes: far below the broker's 1 MiB, so that a batch always fits. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** One Kafka record. */
export interface KafkaRecord {
  topic: string;
  /** `<tenant>:<aggregate type>/<aggregate id>`: one aggregate's events of a topic share a partition */
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}

/**
 * @param version the event's place within its aggregate, from 1
 * @throws EventEncodingError when the event does not fit its schema
 */
export function encodeEvent(event: DomainEvent, version: number, options: { topicPrefix?: string } = {}): KafkaRecord {
  const type: string = event.event_type;
  if (!isEventType(type)) throw new EventEncodingError(`unknown event type ${type}`);
  const schema = EVENT_SCHEMAS[type];
  const envelope = envelopeOf(event, version);
  const message = { ...payloadFromData(schema, event.data), envelope };
  const value = Buffer.from(toBinary(schema, message as never));
  if (value.length > MAX_EVENT_BYTES) {
    throw new EventEncodingError(`${type}: ${String(value.length)} bytes, at most ${String(MAX_EVENT_BYTES)}`);
  }
  return {
    topic: topicOf(type, options.topicPrefix),
    key: aggregateKey(event),
    value,
    headers: headersOf(event, version),
  };
}

function envelopeOf(event: DomainEvent, version: number): EventEnvelope {
  if (!isUuid(event.event_id)) throw new EventEncodingError('event_id must be a uuid');
  if (!isUuid(event.tenant_id)) throw new EventEncodingError('tenant_id must be a uuid');
  if (!isInstant(event.occurred_at)) throw new EventEncodingError('occurred_at must be an RFC 3339 time in UTC');
  if (!Number.isSafeInteger(version) || version < 1) throw new EventEncodingError('version must be 1 or more');
  return create(EventEnvelopeSchema, {
    eventId: event.event_id,
    eventType: event.event_type,
    schemaVersion: SCHEMA_VERSION,
    tenantId: event.tenant_id,
    actorId: event.actor_id,
    resourceId: event.aggregate_id,
    occurredAt: event.occurred_at,
    correlationId: event.correlation_id,
    aggregateVersion: BigInt(version),
    aggregateType: event.aggregate_type,
  });
}
