import type { BreakerTransitionEntity, WorkflowOutcomesEntity } from '@aumos/agf-persistence';
import type { BreakerView as GuardView } from '@aumos/agf-resilience';
import type { BreakerView, OutcomesView, TransitionView } from './breaker.view.js';

export const breakerView = ({ key, ...rest }: GuardView): BreakerView => ({ circuit_key: key, ...rest });

export const transitionView = (row: BreakerTransitionEntity): TransitionView => ({
  from_state: row.from_state,
  to_state: row.to_state,
  epoch: row.epoch,
  failure_count: row.failure_count,
  reason: row.reason,
  at: row.at.toISOString(),
});

export const outcomesView = (row: WorkflowOutcomesEntity): OutcomesView => ({
  completed: row.completed,
  failed: row.failed,
  cancelled: row.cancelled,
  last_ended_at: row.last_ended_at?.toISOString() ?? null,
});
