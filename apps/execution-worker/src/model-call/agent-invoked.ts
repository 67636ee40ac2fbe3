import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@aumos/agf-domain';
import type { ModelCall } from '@aumos/agf-engine/common';

/** An agent's visit has begun, to be appended in the transaction that says so. */
export const agentInvoked = ({ ref, agent }: ModelCall): DomainEvent => ({
  event_id: randomUUID(),
  event_type: 'agf.agent.invoked',
  tenant_id: ref.tenant_id,
  aggregate_type: 'agent',
  aggregate_id: agent.id,
  actor_id: ref.initiator,
  correlation_id: ref.execution_id,
  occurred_at: new Date().toISOString(),
  data: { agent_id: agent.id, execution_id: ref.execution_id, privilege_level: agent.privilege_level },
  ...(ref.traceparent ? { traceparent: ref.traceparent } : {}),
});
