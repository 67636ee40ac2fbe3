import { type BreakerTransition } from '@aumos/agf-domain';
import { type BreakerEntity, type BreakerTransitionEntity } from '../entities/index.js';

/** A transition and the id of its entry in the tenant's stream. */
export type RecordedTransition = BreakerTransition & { stream_id: string };

export const toTransitionRow = (t: RecordedTransition, tenantId: string): Partial<BreakerTransitionEntity> => ({
  tenant_id: tenantId,
  circuit_key: t.key,
  from_state: t.from,
  to_state: t.to,
  epoch: t.epoch,
  failure_count: t.failure_count,
  reason: t.reason,
  at: new Date(t.at),
  stream_id: t.stream_id,
});

export const toState = (t: RecordedTransition, tenantId: string): Partial<BreakerEntity> => ({
  tenant_id: tenantId,
  circuit_key: t.key,
  state: t.to,
  epoch: t.epoch,
  failure_count: t.failure_count,
  reason: t.reason,
  since: new Date(t.at),
});
