import type { BreakerEntity, RecordedTransition } from '@aumos/agf-persistence';
import type { BreakerView } from '@aumos/agf-resilience';

/** What the history says of a breaker that was found changed: from where it was known to be to where it is. */
export const foundTransition = (
  tenantId: string,
  view: BreakerView,
  known: Pick<BreakerEntity, 'state'> | undefined,
  now: number,
): RecordedTransition => ({
  tenant_id: tenantId,
  key: view.key,
  from: known?.state ?? 'closed',
  to: view.state,
  epoch: view.epoch,
  failure_count: view.failure_count,
  counts: { failures: view.failure_count, calls: view.calls, slow: view.slow },
  reason: 'found',
  until:
    view.state === 'open' && view.retry_after_ms !== null ? new Date(now + view.retry_after_ms).toISOString() : null,
  at: view.since ?? new Date(now).toISOString(),
  stream_id: `found:${String(view.epoch)}`,
});
