import type { BreakerKey } from '@aumos/agf-domain';
import type { Span, Told, ToldCall } from '../drive/told.js';
import { type Callee } from '../drive/caller.js';
import { ISOLATED } from '../plan.js';
import { historyOf } from './history.js';
import type { HistoryRow } from './stored.js';

/** Times of Redis are whole milliseconds. */
const TICK_MS = 1;

type Admitted = ToldCall & { admission: { admitted: true } };
const isAdmitted = (call: ToldCall): call is Admitted => call.admission.admitted;
const isWithin = ({ asked, answered }: ToldCall, { begun, ended }: Span): boolean => asked > begun && answered < ended;

/** Nothing of level 3 passes while nobody knows the breakers. */
export const unguarded = ({ calls }: Told): string[] =>
  calls
    .filter(({ admission, level }) => admission.admitted && admission.degraded && level === 3)
    .map(({ keys }) => `${keys.join(', ')}: a call of level 3 was admitted while Redis was away`);

/** No call of an isolated breaker passes, whether Redis answers, is away or was flushed. */
export function passedIsolated({ calls, isolated }: Told): string[] {
  return calls
    .filter((call) => isAdmitted(call) && call.keys.includes(ISOLATED) && isWithin(call, isolated))
    .map(({ asked, admission }) => {
      const how = admission.degraded ? 'in this process' : 'by Redis';
      return `${ISOLATED}: a call was admitted ${how} ${(asked - isolated.begun).toFixed(0)} ms after its isolation`;
    });
}

/** No call that was decided wholly while a breaker was open is admitted by Redis. */
export function passedOpen(key: BreakerKey, history: readonly HistoryRow[], { calls, flushes }: Told): string[] {
  const rows = historyOf(history, key);
  return rows.flatMap((row, i) => {
    const next = rows[i + 1];
    if (row.to_state !== 'open') return [];
    const open = { begun: row.at + TICK_MS, ended: next?.at ?? Infinity };
    const flushed = (call: ToldCall): boolean =>
      flushes.some((flush) => flush.ended >= row.at && flush.begun <= call.answered);
    return calls
      .filter((call) => isAdmitted(call) && !call.admission.degraded && call.keys.includes(key))
      .filter((call) => isWithin(call, open) && !flushed(call))
      .map(
        ({ asked }) => `${key}: a call was admitted ${(asked - row.at).toFixed(0)} ms after it opened (${row.reason})`,
      );
  });
}

/** Of one half-open time never more probes hold a permit, or have used one up, than the breaker has. */
export function overdrawn({ key, config }: Callee, history: readonly HistoryRow[], { calls }: Told): string[] {
  return historyOf(history, key)
    .filter(({ to_state }) => to_state === 'half_open')
    .flatMap(({ epoch }) => {
      const probes = calls.filter(isAdmitted).flatMap((call) => heldBy(call, key, epoch));
      const most = Math.max(0, ...probes.map((probe) => probes.filter((other) => overlaps(probe, other)).length));
      if (most <= config.half_open_max_calls) return [];
      return [`${key}: ${String(most)} of ${String(config.half_open_max_calls)} permits of epoch ${String(epoch)}`];
    });
}

/** From when its caller had the permit to when it surely had it no more; of a probe that succeeded, for good. */
function heldBy(call: Admitted, key: BreakerKey, epoch: number): Span[] {
  if (!call.admission.permit.links.some((link) => link.key === key && link.epoch === epoch)) return [];
  const leaseEnds = call.asked + call.lease_ms;
  const { reported } = call;
  const used = reported?.sure && reported.outcome === 'success' && reported.ended < leaseEnds;
  const ended = used === true ? Infinity : Math.min(leaseEnds, reported?.begun ?? Infinity);
  return ended > call.answered ? [{ begun: call.answered, ended }] : [];
}

/** Whether the second is held when the first begins. */
const overlaps = (probe: Span, other: Span): boolean => other.begun <= probe.begun && probe.begun < other.ended;
