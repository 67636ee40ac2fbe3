import type { BreakerIsolation, BreakerKey, ChainBranch, ChainTree } from '@aumos/agf-domain';
import type { BreakerAnomaly, BreakerTransitionEntity, WorkflowOutcomesEntity } from '@aumos/agf-persistence';
import type { BreakerView as GuardView } from '@aumos/agf-resilience';
import { isolationView } from '../isolation/isolation.convert.js';
import { kindOf } from './breaker-key.js';
import type { BreakerView, ChainBranchView, ChainView, OutcomesView, TransitionView } from './breaker.view.js';

/** What PostgreSQL knows of breakers, by key. */
export interface BreakerFacts {
  names: ReadonlyMap<BreakerKey, string>;
  isolations: ReadonlyMap<BreakerKey, BreakerIsolation>;
  anomalies: ReadonlyMap<BreakerKey, BreakerAnomaly[]>;
}

export const breakerView = (state: GuardView, facts: BreakerFacts): BreakerView => {
  const isolation = facts.isolations.get(state.key);
  return {
    circuit_key: state.key,
    kind: kindOf(state.key),
    name: facts.names.get(state.key) ?? null,
    state: state.state,
    epoch: state.epoch,
    failure_count: state.failure_count,
    call_count: state.calls,
    slow_count: state.slow,
    since: state.since,
    retry_after_ms: state.retry_after_ms,
    probes: state.probes,
    isolation: isolation ? isolationView(isolation) : null,
    anomalies: facts.anomalies.get(state.key) ?? [],
  };
};

export const transitionView = (row: BreakerTransitionEntity): TransitionView => ({
  position: row.position,
  circuit_key: row.circuit_key,
  from_state: row.from_state,
  to_state: row.to_state,
  epoch: row.epoch,
  failure_count: row.failure_count,
  call_count: row.call_count,
  slow_count: row.slow_count,
  reason: row.reason,
  at: row.at.toISOString(),
  until: row.until?.toISOString() ?? null,
});

export const outcomesView = (row: WorkflowOutcomesEntity): OutcomesView => ({
  completed: row.completed,
  failed: row.failed,
  cancelled: row.cancelled,
  last_ended_at: row.last_ended_at?.toISOString() ?? null,
});

/** @param states of every breaker of the tree */
export function chainView(
  tree: ChainTree,
  states: ReadonlyMap<BreakerKey, GuardView>,
  names: ReadonlyMap<BreakerKey, string>,
): ChainView {
  const branchView = ({ key, branches }: ChainBranch): ChainBranchView => ({
    circuit_key: key,
    name: names.get(key) ?? null,
    state: states.get(key)?.state ?? 'closed',
    isolated: states.get(key)?.isolated ?? false,
    branches: branches.map(branchView),
  });
  const { callers, callees, truncated } = tree;
  return { callers: callers.map(branchView), callees: callees.map(branchView), truncated };
}

export const keysOf = (branches: readonly ChainBranch[]): BreakerKey[] =>
  branches.flatMap(({ key, branches: below }) => [key, ...keysOf(below)]);
