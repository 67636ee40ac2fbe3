import type { SeedRun } from '../drive/run-seed.js';
import { overdrawn, passedIsolated, passedOpen, unguarded } from './admissions.js';
import { miscounted } from './counts.js';
import { untold } from './events.js';
import { broken, historyOf, unrecorded } from './history.js';
import { disagreeing } from './states.js';
import type { Stored } from './stored.js';

/** What is not as it must be of a seed, once nothing moves any more; a line each. */
export function judge({ plan, told }: SeedRun, stored: Stored): string[] {
  const keys = new Set(stored.history.map(({ circuit_key }) => circuit_key));
  return [
    ...unrecorded(stored, told.flushes),
    ...[...keys].flatMap((key) => broken(historyOf(stored.history, key))),
    ...untold(stored),
    ...disagreeing(stored),
    ...miscounted(stored, told),
    ...unguarded(told),
    ...passedIsolated(told),
    ...[...keys].flatMap((key) => passedOpen(key, stored.history, told)),
    ...plan.breakers.flatMap((callee) => overdrawn(callee, stored.history, told)),
  ];
}
