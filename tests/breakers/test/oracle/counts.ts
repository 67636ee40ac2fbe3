import type { Told } from '../drive/told.js';
import { COUNTED } from '../plan.js';
import type { Stored } from './stored.js';

/** Failures that were acknowledged are counted, each once; of those from before a flush, none. */
export function miscounted({ live }: Stored, { counted, flushes }: Told): string[] {
  const found = live.find(({ circuit_key }) => circuit_key === COUNTED)?.failure_count ?? 0;
  const begun = Math.max(0, ...flushes.map((flush) => flush.begun));
  const ended = Math.max(0, ...flushes.map((flush) => flush.ended));
  const least = counted.filter((report) => report.begun > ended).length;
  const most = counted.filter((report) => report.ended >= begun).length;
  if (least <= found && found <= most) return [];
  return [`${COUNTED}: ${String(found)} counted of ${String(least)} to ${String(most)} failures`];
}
