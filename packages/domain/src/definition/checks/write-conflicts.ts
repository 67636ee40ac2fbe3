import { writesOf } from '../channels.js';
import type { Draft } from '../draft.js';
import { type Budget, exclusive, type Pair, pairsOf, sideOf, type Timing } from '../graph/pairs.js';
import { leadingTo, pathTo } from '../graph/reach.js';
import type { TimedContext } from './context.js';

/** Pairs a validation looks at, at most, in proportion to the definition: time stays linear. */
const BUDGET = { base: 50_000, perNode: 5 };
const PAIRS_SHOWN = 10;

/**
 * Two writers of a `replace` channel that can share a step. Sound: what is not reported cannot happen.
 * Where the budget ends first, the candidates left are reported, and the message says that nothing excludes them.
 */
export const checkWriteConflicts = (context: TimedContext): void => {
  const budget: Budget = { left: BUDGET.base + BUDGET.perNode * context.draft.nodes.length };
  for (const [channel, writers] of writersOf(context.draft)) {
    checkWriter(context, channel, writers);
    const reachable = [...new Set(writers)].filter((id) => context.reached.has(id));
    const candidate = candidatePair(context, reachable);
    if (candidate === undefined) continue;
    const pairs = conflictsAmong(context, reachable, budget);
    for (const pair of pairs) report(context, channel, pair);
    if (pairs.length === 0 && budget.left <= 0) reportUndecided(context, channel, candidate);
  }
};

/** Channels of reducer replace with the nodes that write them. */
const writersOf = (draft: Draft): Map<string, string[]> => {
  const writers = new Map<string, string[]>();
  for (const { value: node } of draft.nodes) {
    if (node === undefined) continue;
    for (const { channel } of writesOf(node)) {
      const definition = draft.channels.get(channel)?.value;
      if (definition === undefined || (definition.reducer ?? 'replace') !== 'replace') continue;
      const list = writers.get(channel);
      if (list === undefined) writers.set(channel, [node.id]);
      else list.push(node.id);
    }
  }
  return writers;
};

const checkWriter = ({ findings }: TimedContext, channel: string, writers: readonly string[]): void => {
  for (const [index, id] of writers.entries()) {
    if (writers[index - 1] !== id) continue;
    const message = `${id} writes channel ${channel} twice in one visit`;
    findings.error({
      rule: 'STATE_CONFLICT',
      message,
      node: id,
      hint: 'write it by output or by outputs, not by both',
    });
  }
};

/** A pair that steps and shares do not exclude, in n log n: sweeps the writers by their first step. */
const candidatePair = (timing: Timing, writers: readonly string[]): [string, string] | undefined => {
  const sorted = writers
    .map((id) => ({ id, first: timing.ranges.get(id)?.first ?? 0, last: timing.ranges.get(id)?.last ?? 0 }))
    .filter(({ id }) => timing.shares.of.get(id) !== timing.shares.whole)
    .sort((a, b) => a.first - b.first);
  // Of two shares at least one differs from any third: the two that last longest are enough to look at.
  let longest: typeof sorted = [];
  for (const writer of sorted) {
    const partner = longest.find(({ id }) => !exclusive(timing, id, writer.id));
    if (partner !== undefined) return [partner.id, writer.id];
    longest = keepLongest(timing, [...longest, writer]);
  }
  return undefined;
};

const keepLongest = <T extends { id: string; last: number }>({ shares }: Timing, writers: readonly T[]): T[] => {
  const sorted = [...writers].sort((a, b) => b.last - a.last);
  const [first] = sorted;
  if (first === undefined) return [];
  const share = shares.of.get(first.id);
  const second = sorted.find(({ id }) => id !== first.id && (share === 'mixed' || shares.of.get(id) !== share));
  return second === undefined ? [first] : [first, second];
};

const conflictsAmong = (timing: Timing, writers: readonly string[], budget: Budget): Pair[] => {
  const found: Pair[] = [];
  if (budget.left <= 0) return found;
  const writing = new Set(writers);
  const within = leadingTo(timing.flow, writing);
  budget.left -= within.size;
  for (const pair of pairsOf(timing, within, budget)) {
    if (writing.has(pair.a) && writing.has(pair.b)) found.push(pair);
    if (found.length === PAIRS_SHOWN) break;
  }
  return found;
};

const report = ({ findings, reached }: TimedContext, channel: string, pair: Pair): void => {
  findings.error({
    rule: 'STATE_CONFLICT',
    message: `${pair.a} and ${pair.b} can write channel ${channel} in the same step, after ${pair.fork} sets off both`,
    node: pair.b,
    path: [...pathTo(reached, pair.fork), ...sideOf(pair, 'b')],
    hint: `give ${channel} a reducer, let them write different channels, or run one after the other`,
  });
};

const reportUndecided = ({ findings, reached }: TimedContext, channel: string, [a, b]: [string, string]): void => {
  findings.error({
    rule: 'STATE_CONFLICT',
    message: `nothing excludes that ${a} and ${b} write channel ${channel} in the same step: the graph is too entangled to tell`,
    node: b,
    path: pathTo(reached, b),
    hint: `give ${channel} a reducer, or join the branches before it is written`,
  });
};
