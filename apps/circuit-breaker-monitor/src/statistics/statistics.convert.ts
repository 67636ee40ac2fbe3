import { durationAt } from '@aumos/agf-domain';
import type { CallSummary } from '@aumos/agf-persistence';
import type { CallsView } from './statistics.view.js';

/** @param hours that the summary is of */
export function callsView({ failures, durations, ...counts }: CallSummary, hours: number): CallsView {
  const judged = counts.completed + counts.failed;
  return {
    ...counts,
    failure_rate: judged === 0 ? null : counts.failed / judged,
    per_hour: (judged + counts.cancelled) / hours,
    failure_kinds: Object.entries(failures)
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    p50_ms: durationAt(durations, 0.5),
    p99_ms: durationAt(durations, 0.99),
  };
}
