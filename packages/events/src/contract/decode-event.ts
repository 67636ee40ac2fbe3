import { fromBinary } from '@bufbuild/protobuf';
import { type AggregateType, type EventType } from '@aumos/agf-domain';
import { type EventEnvelope } from '../gen/aumos/events/v1/agent_framework_pb.js';
import { EventDecodingError } from './errors.js';
import { headerText, type KafkaHeaders } from './headers.js';
import { isUuid } from './identity.js';
import { dataFromPayload } from './payload.js';
import { type ReceivedEvent } from './received-event.js';
import { EVENT_SCHEMAS, isEventType, type EventMessage } from './registry.js';

/**
 * Reads a record. The headers say what it is, the envelope inside the value must say the same.
 * @returns undefined for an event type of a later version: such a record is none of this consumer's business
 * @throws EventDecodingError when it is no CloudEvent, cannot be parsed, or header and envelope differ
 */
export function decodeEvent(headers: KafkaHeaders | undefined, value: Uint8Array | null): ReceivedEvent | undefined {
  const type = headerText(headers, 'ce_type');
  if (!type || headerText(headers, 'ce_specversion') !== '1.0') throw new EventDecodingError('not a CloudEvent 1.0');
  if (!isEventType(type)) return undefined;
  const message = parse(type, value);
  const envelope = message.envelope;
  if (!envelope) throw new EventDecodingError(`${type}: no envelope`);
  mustAgree(headers, envelope);
  const traceparent = headerText(headers, 'ce_traceparent') || headerText(headers, 'traceparent');
  return {
    event_id: envelope.eventId,
    event_type: type,
    schema_version: envelope.schemaVersion,
    tenant_id: envelope.tenantId,
    aggregate_type: envelope.aggregateType as AggregateType,
    aggregate_id: envelope.resourceId,
    aggregate_version: Number(envelope.aggregateVersion),
    actor_id: envelope.actorId,
    correlation_id: envelope.correlationId,
    occurred_at: envelope.occurredAt,
    data: dataFromPayload(EVENT_SCHEMAS[type], message),
    message,
    ...(traceparent && { traceparent }),
  };
}

function parse(type: EventType, value: Uint8Array | null): EventMessage {
  try {
    return fromBinary(EVENT_SCHEMAS[type], value ?? new Uint8Array());
  } catch (error) {
    throw new EventDecodingError(`${type}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A record whose headers name one tenant and whose value names another could write where it must not. */
function mustAgree(headers: KafkaHeaders | undefined, envelope: EventEnvelope): void {
  const pairs: readonly (readonly [header: string, inside: string])[] = [
    ['ce_tenantid', envelope.tenantId],
    ['ce_id', envelope.eventId],
    ['ce_type', envelope.eventType],
  ];
  for (const [header, inside] of pairs) {
    if (headerText(headers, header) !== inside) throw new EventDecodingError(`${header} differs from the envelope`);
  }
  if (!isUuid(envelope.tenantId)) throw new EventDecodingError('ce_tenantid is not a uuid');
  if (!isUuid(envelope.eventId)) throw new EventDecodingError('ce_id is not a uuid');
}
