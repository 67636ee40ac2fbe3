import type { Observed } from './compare.js';
import type { Expected } from './interpreter/expected.js';

/** A refused write comes after its visit was recorded, by whoever took the record along: the row may say completed. */
const REFUSED_WRITES = ['STATE_SCHEMA', 'STATE_CONFLICT'];

/** What real time leaves open, as it was observed. */
export function asObserved(expected: Expected, observed: Observed): Expected {
  const visits = expected.visits.map((visit) => {
    const row = observed.visits.find((seen) => seen.node === visit.node && seen.visit === visit.visit);
    if (row && REFUSED_WRITES.includes(visit.error?.code ?? ''))
      return { ...visit, error: row.error, output: row.output };
    // A slow call leaves no time to wait for its breaker.
    return row && visit.error?.code === 'CIRCUIT_OPEN' ? { ...visit, calls: Math.min(visit.calls, row.calls) } : visit;
  });
  return { ...expected, visits };
}
