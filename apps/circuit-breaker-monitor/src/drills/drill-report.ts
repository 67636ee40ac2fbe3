import type { BreakerKey, DrilledBreaker, DrillReport, ExecutionStatus } from '@aumos/agf-domain';
import type { BreakerTransitionEntity, DrilledCalls, DrillEntity } from '@aumos/agf-persistence';

type Transition = Pick<BreakerTransitionEntity, 'circuit_key' | 'to_state' | 'from_state' | 'at'>;

export interface Measured {
  drill: Pick<DrillEntity, 'tool' | 'calls_failed' | 'first_failed_at' | 'fault_ends_at'>;
  calls: DrilledCalls;
  /** of all breakers since it began, in their order */
  transitions: readonly Transition[];
}

export function drillReport({ drill, calls, transitions }: Measured): DrillReport {
  const key: BreakerKey = `tool:${drill.tool}`;
  const breakers = drilledBreakers(transitions);
  // A tool that takes a URL has a breaker for each host.
  const own = breakers.filter(({ circuit_key }) => circuit_key === key || circuit_key.startsWith(`${key}.`));
  const [opened, closed] = [own.map(({ opened_at }) => opened_at), own.map(({ closed_at }) => closed_at)];
  const failed = drill.first_failed_at ?? undefined;
  return {
    calls_failed: drill.calls_failed,
    calls_refused: calls.refused,
    opened_after_ms:
      opened.length && failed ? Math.max(0, Math.min(...opened.map((at) => Date.parse(at))) - failed.getTime()) : null,
    recovered_after_ms:
      closed.length && isEach(closed) ? Math.max(0, lastOf(closed) - drill.fault_ends_at.getTime()) : null,
    executions: executionsOf(calls.executions),
    breakers,
  };
}

const isEach = (times: (string | null)[]): times is string[] => times.every((time) => time !== null);
const lastOf = (times: string[]): number => Math.max(...times.map((time) => Date.parse(time)));

/** Whether nothing of it is under way any more: what opened is closed again, and what met it has ended. */
export const isOver = ({ executions, breakers }: DrillReport): boolean =>
  executions.under_way === 0 && breakers.every(({ closed_at }) => closed_at !== null);

function drilledBreakers(transitions: readonly Transition[]): DrilledBreaker[] {
  const found = new Map<BreakerKey, DrilledBreaker>();
  for (const { circuit_key, from_state, to_state, at } of transitions) {
    const known = found.get(circuit_key);
    if (to_state === 'open') {
      const before = known ?? { circuit_key, times_opened: 0, opened_at: at.toISOString(), closed_at: null };
      // Isolated or restored while it was open, it did not open again.
      const opened = from_state === 'open' && known ? 0 : 1;
      found.set(circuit_key, { ...before, times_opened: before.times_opened + opened, closed_at: null });
    } else if (known) {
      known.closed_at = to_state === 'closed' ? at.toISOString() : null;
    }
  }
  return [...found.values()];
}

function executionsOf(by: DrilledCalls['executions']): DrillReport['executions'] {
  const { completed: contained = 0, failed = 0, cancelled = 0, ...others } = by;
  const under_way = Object.values(others satisfies Partial<Record<ExecutionStatus, number>>).reduce((a, b) => a + b, 0);
  return { failed, contained, cancelled, under_way };
}
