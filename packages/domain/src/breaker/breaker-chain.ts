import type { Admission, BreakerKey, ChainLink, Permit } from './breaker.js';
import { type BreakerChange, type BreakerRecord, untouchedBreaker } from './breaker-record.js';
import { acquireBreaker, checkBreaker, reportToBreaker } from './breaker-rules.js';
import { isSlow, outcomeFor, type ReportedOutcome } from './judge.js';

export type BreakerRecords = ReadonlyMap<BreakerKey, BreakerRecord>;

/** What to write after a step: only the records that changed. */
export interface ChainStep {
  writes: Map<BreakerKey, BreakerRecord>;
  changes: (BreakerChange & { key: BreakerKey })[];
}

const nothing = (): ChainStep => ({ writes: new Map(), changes: [] });

/** Each breaker once (a workflow may be its own ancestor); taking a permit wins over looking. */
export function distinctLinks(chain: readonly ChainLink[]): ChainLink[] {
  const links = new Map<BreakerKey, ChainLink>();
  for (const link of chain) if (links.get(link.key)?.mode !== 'count') links.set(link.key, link);
  return [...links.values()];
}

/** All or nothing: the first link that refuses refuses the call, and nothing is taken from the others. */
export function acquireChain(
  records: BreakerRecords,
  chain: readonly ChainLink[],
  permit: { id: string; lease_ms: number },
  now: number,
): { admission: Admission; step: ChainStep } {
  const step = nothing();
  const links: Permit['links'] = [];
  for (const { key, mode, config } of chain) {
    const record = records.get(key) ?? untouchedBreaker();
    if (mode === 'check') {
      const checked = checkBreaker(record, config, now);
      if (!checked.admitted) return { admission: { ...checked, key, state: 'open' }, step: nothing() };
      continue;
    }
    const taken = acquireBreaker(record, config, permit, now);
    if (!taken.admitted) return { admission: { ...taken, key }, step: nothing() };
    links.push({ key, epoch: taken.epoch, config });
    if (taken.step.next !== record) step.writes.set(key, taken.step.next);
    step.changes.push(...taken.step.changes.map((change) => ({ ...change, key })));
  }
  return { admission: { admitted: true, permit: { id: permit.id, links } }, step };
}

/** What became of a call, for every breaker its permit was taken from. @param took_ms of the call; undefined: not measured */
export function reportChain(
  records: BreakerRecords,
  permit: Permit,
  { outcome, took_ms }: { outcome: ReportedOutcome; took_ms?: number },
  now: number,
  jitter: number,
): ChainStep {
  const step = nothing();
  for (const { key, epoch, config } of permit.links) {
    const record = records.get(key) ?? untouchedBreaker();
    const call = { outcome: outcomeFor(outcome, key), slow: isSlow(config, took_ms) };
    const { next, changes } = reportToBreaker(record, config, { id: permit.id, epoch }, call, now, jitter);
    if (next !== record) step.writes.set(key, next);
    step.changes.push(...changes.map((change) => ({ ...change, key })));
  }
  return step;
}
