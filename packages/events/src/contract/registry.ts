import { type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { type AggregateType, EVENT_TYPES, type EventType } from '@aumos/agf-domain';
import {
  AgentInvokedSchema,
  CircuitBreakerClosedSchema,
  CircuitBreakerOpenedSchema,
  HitlApprovalRequestedSchema,
  HitlApprovedSchema,
  HitlRejectedSchema,
  WorkflowCompletedSchema,
  WorkflowFailedSchema,
  WorkflowPausedHitlSchema,
  WorkflowStartedSchema,
} from '../gen/aumos/events/v1/agent_framework_pb.js';

/** Which protobuf message is the value on which topic. */
export const EVENT_SCHEMAS = {
  'agf.workflow.started': WorkflowStartedSchema,
  'agf.workflow.completed': WorkflowCompletedSchema,
  'agf.workflow.failed': WorkflowFailedSchema,
  'agf.workflow.paused_hitl': WorkflowPausedHitlSchema,
  'agf.agent.invoked': AgentInvokedSchema,
  'agf.hitl.approval_requested': HitlApprovalRequestedSchema,
  'agf.hitl.approved': HitlApprovedSchema,
  'agf.hitl.rejected': HitlRejectedSchema,
  'agf.circuit_breaker.opened': CircuitBreakerOpenedSchema,
  'agf.circuit_breaker.closed': CircuitBreakerClosedSchema,
} as const satisfies Record<EventType, DescMessage>;

/** The typed payload of an event type, members in camelCase. */
export type EventMessage<T extends EventType = EventType> = MessageShape<(typeof EVENT_SCHEMAS)[T]>;

/** Major version of the payloads: what consumers read as `schema_version`. */
export const SCHEMA_VERSION = '1';

export const isEventType = (type: string): type is EventType => (EVENT_TYPES as readonly string[]).includes(type);

/** The Kafka topic of an event type. `prefix` keeps several installations apart on one cluster. */
export const topicOf = (type: EventType, prefix = ''): string => prefix + type;
export const deadLetterTopicOf = (topic: string): string => `${topic}.dlq`;

/** The app a fact comes from: the last part of `ce_source`. */
export function ownerOf(type: EventType): string {
  if (type.startsWith('agf.hitl.')) return 'hitl-approval';
  if (type.startsWith('agf.circuit_breaker.')) return 'circuit-breaker-monitor';
  return 'execution-worker';
}

const PREFIXES: Record<AggregateType, string> = {
  execution: 'agf.workflow.',
  approval: 'agf.hitl.',
  agent: 'agf.agent.',
  breaker: 'agf.circuit_breaker.',
};
/** The event types in which one aggregate's versions 1..n are spread. */
export const eventTypesOf = (aggregate: AggregateType): EventType[] =>
  EVENT_TYPES.filter((type) => type.startsWith(PREFIXES[aggregate]));
