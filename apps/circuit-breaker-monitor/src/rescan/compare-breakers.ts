import type { BreakerKey, BreakerState } from '@aumos/agf-domain';

/** What is known of a breaker: by the history, or by Redis. */
export interface Known {
  state: BreakerState;
  epoch: number;
}
/** As the history has it; `until`: ms, of an open one, when it may be probed; null without end. */
export type Recorded = Known & { until: number | null };

export interface Comparison {
  /** what the history had before Redis was asked */
  before: ReadonlyMap<BreakerKey, Known>;
  /** what Redis has */
  seen: ReadonlyMap<BreakerKey, Known>;
  /** what the history has after all that Redis' stream held then was recorded */
  recorded: ReadonlyMap<BreakerKey, Recorded>;
  /** isolations in force: they are applied, and need no restoration */
  isolated: ReadonlySet<BreakerKey>;
  /** ms */
  now: number;
}

export interface Findings {
  /** open, still in their reset time, and Redis knows nothing of them */
  restore: BreakerKey[];
  /** Redis has forgotten their state */
  lost: { key: BreakerKey; epoch: number; to: BreakerState }[];
  /** Redis has changed them, and its stream does not tell */
  found: BreakerKey[];
}

/** One that another monitor may be restoring now is no loss yet. */
const MAY_BE_RESTORED_MS = 10_000;
const NOTHING: Known = { state: 'closed', epoch: 0 };

/**
 * Where a transition is still under way, or something was lost. A closed breaker that Redis has forgotten, as it does
 * after a day, is none of these.
 */
export function differing({ before, seen }: Pick<Comparison, 'before' | 'seen'>): BreakerKey[] {
  return [...new Set([...before.keys(), ...seen.keys()])].filter((key) => {
    const [history, redis] = [before.get(key) ?? NOTHING, seen.get(key) ?? NOTHING];
    return redis.epoch > history.epoch || isBehind(redis, history);
  });
}

/**
 * What was lost. Epochs only grow: a lower one in Redis than in the history, which has not moved meanwhile, means that
 * Redis has lost what it knew; a higher one after its stream was read to the end, that the stream has.
 */
export function compareBreakers({ before, seen, recorded, isolated, now }: Comparison): Findings {
  const findings: Findings = { restore: [], lost: [], found: [] };
  for (const key of differing({ before, seen })) {
    const redis = seen.get(key) ?? NOTHING;
    const history = recorded.get(key);
    if (redis.epoch > (history?.epoch ?? 0)) findings.found.push(key);
    if (!history || !isBehind(redis, history) || isolated.has(key)) continue;
    if (before.get(key)?.epoch !== history.epoch) continue;
    if (redis.epoch === 0 && endsAfter(history, now)) findings.restore.push(key);
    else if (!endsAfter(history, now - MAY_BE_RESTORED_MS))
      findings.lost.push({ key, epoch: history.epoch, to: redis.state });
  }
  return findings;
}

const isBehind = (redis: Known, history: Known): boolean =>
  redis.epoch < history.epoch && redis.state !== history.state;

const endsAfter = ({ state, until }: Recorded, ms: number): boolean => state === 'open' && until !== null && until > ms;
