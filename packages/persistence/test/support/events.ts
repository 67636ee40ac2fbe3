import { randomUUID } from 'node:crypto';
import { type DomainEvent } from '@aumos/agf-domain';

export const newEvent = (tenant_id: string, over: Partial<DomainEvent> = {}): DomainEvent => ({
  event_id: randomUUID(),
  event_type: 'agf.workflow.started',
  tenant_id,
  aggregate_type: 'execution',
  aggregate_id: randomUUID(),
  actor_id: 'dev',
  correlation_id: 'c',
  occurred_at: '2026-01-02T03:04:05.678Z',
  data: { execution_id: 'e' },
  ...over,
});
