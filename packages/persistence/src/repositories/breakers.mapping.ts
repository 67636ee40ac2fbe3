import { type BreakerState, type BreakerTransition, type TransitionReason } from '@aumos/agf-domain';
import { type BreakerEntity, type BreakerTransitionEntity } from '../entities/index.js';

/**
 * Why the history says a breaker changed: beside what breakers say themselves, `store_lost` (Redis forgot the state it
 * was in) and `found` (it was found in this state, and what led there is lost).
 */
export type RecordedReason = TransitionReason | 'store_lost' | 'found';

/** A transition and the id of its entry in the tenant's stream; of what a rescan writes, a name that every rescan gives it. */
export type RecordedTransition = Omit<BreakerTransition, 'reason'> & { reason: RecordedReason; stream_id: string };

export const toTransitionRow = (
  t: RecordedTransition,
  tenantId: string,
): Omit<BreakerTransitionEntity, 'id' | 'created_at' | 'updated_at' | 'position'> => ({
  tenant_id: tenantId,
  circuit_key: t.key,
  from_state: t.from,
  to_state: t.to,
  epoch: t.epoch,
  failure_count: t.failure_count,
  call_count: t.counts.calls,
  slow_count: t.counts.slow,
  reason: t.reason,
  at: new Date(t.at),
  until: t.until === null ? null : new Date(t.until),
  stream_id: t.stream_id,
});

type State = Omit<BreakerEntity, 'id' | 'created_at' | 'updated_at'>;

/** @param before what is known of it; null: nothing */
export const toState = (t: RecordedTransition, tenantId: string, before: BreakerEntity | null): State => ({
  tenant_id: tenantId,
  circuit_key: t.key,
  state: t.to,
  epoch: t.epoch,
  failure_count: t.failure_count,
  reason: t.reason,
  since: new Date(t.at),
  until: t.until === null ? null : new Date(t.until),
  unclosed_since: t.to === 'closed' ? null : (before?.unclosed_since ?? new Date(t.at)),
  reset_ms: resetOf(t) ?? before?.reset_ms ?? null,
});

/** Who is restored is open for what was left of its time. */
const resetOf = ({ until, at, reason }: RecordedTransition): number | null =>
  until === null || reason === 'restored' ? null : Date.parse(until) - Date.parse(at);

/** That Redis forgot the state a breaker was in, and has it in `to` now. Of each epoch it is told once. */
export const lossOf = (
  known: Pick<BreakerEntity, 'tenant_id' | 'circuit_key' | 'state' | 'epoch'>,
  to: BreakerState,
  at: string,
): RecordedTransition => ({
  tenant_id: known.tenant_id,
  key: known.circuit_key,
  from: known.state,
  to,
  epoch: known.epoch,
  failure_count: 0,
  counts: { failures: 0, calls: 0, slow: 0 },
  reason: 'store_lost',
  until: null,
  at,
  stream_id: `lost:${String(known.epoch)}`,
});
