import { randomUUID } from 'node:crypto';
import { type AggregateType, type DomainEvent, type EventType, type JsonObject } from '@aumos/agf-domain';

export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const AT = '2026-03-01T10:00:00.123Z';
const ID = '5f0f3f5e-7f3a-4f0e-9f62-0d7c1d1f0a11';
const WORKFLOW = { execution_id: ID, workflow_id: ID, workflow_name: 'dataset-publish', workflow_version: 2 };
const BREAKER = {
  circuit_key: 'tool:table_load',
  from_state: 'closed',
  to_state: 'open',
  failure_count: 5,
  trigger_reason: 'failures',
  epoch: 7,
};

/** Every member of every payload. */
export const FULL_DATA: Record<EventType, JsonObject> = {
  'agf.workflow.started': { ...WORKFLOW, initiator: 'acme-developer', started_at: AT },
  'agf.workflow.completed': { ...WORKFLOW, started_at: AT, completed_at: AT, duration_ms: 1234567890123 },
  'agf.workflow.failed': {
    ...WORKFLOW,
    code: 'CANCELLED',
    message: 'cancelled',
    node: 'load',
    started_at: AT,
    completed_at: AT,
    duration_ms: 5,
  },
  'agf.workflow.paused_hitl': { execution_id: ID, workflow_id: ID, approval_id: ID, gate_name: 'risky', node: 'load' },
  'agf.agent.invoked': { agent_id: ID, execution_id: ID, privilege_level: 3 },
  'agf.hitl.approval_requested': {
    approval_id: ID,
    execution_id: ID,
    gate_name: 'risky',
    agent_id: ID,
    action_description: 'lädt 日本 🚚',
    privilege_level: 3,
    approvals_required: 1,
    expires_at: AT,
    workflow_id: ID,
    node: 'load',
  },
  'agf.hitl.approved': { approval_id: ID, decided_by: 'acme-approver-1', notes: 'fine', execution_id: ID },
  'agf.hitl.rejected': { approval_id: ID, decided_by: 'system', notes: '', execution_id: ID },
  'agf.circuit_breaker.opened': BREAKER,
  'agf.circuit_breaker.closed': { ...BREAKER, from_state: 'half_open', to_state: 'closed' },
};

/** Members that a publisher may leave out. */
export const OPTIONAL: Partial<Record<EventType, string[]>> = {
  'agf.workflow.failed': ['node', 'started_at', 'duration_ms'],
  'agf.agent.invoked': ['execution_id'],
  'agf.hitl.approval_requested': ['agent_id'],
  'agf.hitl.approved': ['notes'],
  'agf.hitl.rejected': ['notes'],
};

const AGGREGATE: [prefix: string, type: AggregateType][] = [
  ['agf.workflow.', 'execution'],
  ['agf.hitl.', 'approval'],
  ['agf.agent.', 'agent'],
  ['agf.circuit_breaker.', 'breaker'],
];

export function anEvent(type: EventType, change: Partial<DomainEvent> = {}): DomainEvent {
  return {
    event_id: randomUUID(),
    event_type: type,
    tenant_id: randomUUID(),
    aggregate_type: AGGREGATE.find(([prefix]) => type.startsWith(prefix))![1],
    aggregate_id: randomUUID(),
    actor_id: 'acme-developer',
    correlation_id: 'req-1',
    occurred_at: AT,
    data: FULL_DATA[type],
    traceparent: TRACEPARENT,
    ...change,
  };
}
