import { randomUUID } from 'node:crypto';
import { TENANTS } from '@aumos/agf-devstack';
import { type DomainEvent } from '@aumos/agf-domain';

/** A type that the platform writes for every execution and none of its own apps reads. */
export const EVENT_TYPE = 'agf.workflow.started';

/** A fact about an execution that is in no table. */
export function syntheticEvent(): DomainEvent {
  const execution_id = randomUUID();
  const occurred_at = new Date().toISOString();
  return {
    event_id: randomUUID(),
    event_type: EVENT_TYPE,
    tenant_id: TENANTS.acme,
    aggregate_type: 'execution',
    aggregate_id: execution_id,
    actor_id: 'bench',
    correlation_id: execution_id,
    occurred_at,
    data: {
      execution_id,
      workflow_id: execution_id,
      workflow_name: 'bench',
      workflow_version: 1,
      initiator: 'bench',
      started_at: occurred_at,
    },
  };
}
