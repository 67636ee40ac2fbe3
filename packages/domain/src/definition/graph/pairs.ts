import { END } from '../definition.js';
import type { Firing, Flow } from './flow.js';
import { PATH_SHOWN } from './reach.js';
import type { Shares } from './shares.js';
import type { StepRange } from './steps.js';

/** Two nodes that can run in the same step, and how the analysis came to it. */
export interface Pair {
  a: string;
  b: string;
  /** the pair one step earlier; absent where both were set off by `fork` */
  from?: Pair;
  fork: string;
}

export interface Timing {
  flow: Flow;
  ranges: ReadonlyMap<string, StepRange>;
  shares: Shares;
}

/** Work that may still be done, in pairs looked at; shared by the searches of one validation. */
export interface Budget {
  left: number;
}

/** Two different nodes that provably never run in the same step. */
export const exclusive = ({ ranges, shares }: Timing, a: string, b: string): boolean => {
  const [rangeA, rangeB] = [ranges.get(a), ranges.get(b)];
  if (rangeA === undefined || rangeB === undefined) return true;
  if (rangeA.first > rangeB.last || rangeB.first > rangeA.last) return true;
  const [shareA, shareB] = [shares.of.get(a), shares.of.get(b)];
  if (shareA === shares.whole || shareB === shares.whole) return true;
  return shareA === shareB && shareA !== 'mixed';
};

/**
 * Pairs of nodes that can run in one step under some choice of conditions and errors. Whatever runs at once
 * comes from one node that set off two branches, both followed step by step since: so the search starts at each
 * such node and moves both sides one step at a time. It may name a pair that conditions exclude, it misses none,
 * unless `budget` ends before it does.
 * @param within only nodes of this set are followed: those that can lead to what is looked for
 */
export function* pairsOf(timing: Timing, within: ReadonlySet<string>, budget: Budget): Generator<Pair> {
  const { flow } = timing;
  const seen = new Map<string, Set<string>>();
  const open: Pair[] = [];
  const add = (a: string, b: string, fork: string, from?: Pair): Pair | undefined => {
    budget.left -= 1;
    if (a === b || exclusive(timing, a, b)) return undefined;
    const [low, high] = a < b ? [a, b] : [b, a];
    const partners = seen.get(low) ?? new Set();
    if (partners.has(high)) return undefined;
    seen.set(low, partners.add(high));
    const pair = { a, b, fork, from };
    open.push(pair);
    return pair;
  };
  const inside = (ids: readonly string[]): string[] => ids.filter((id) => id !== END && within.has(id));
  for (const fork of within) {
    const firing = flow.firings.get(fork);
    if (firing === undefined) continue;
    const together = inside(alwaysOf(flow, firing));
    const choices = inside(firing.choices);
    for (const [index, a] of together.entries()) {
      for (let other = index + 1; other < together.length + choices.length; other += 1) {
        if (budget.left <= 0) return;
        const b = other < together.length ? together[other] : choices[other - together.length];
        const pair = b === undefined ? undefined : add(a, b, fork);
        if (pair !== undefined) yield pair;
      }
    }
  }
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const nextB = inside(flow.next.get(pair.b) ?? []);
    for (const a of inside(flow.next.get(pair.a) ?? [])) {
      for (const b of nextB) {
        if (budget.left <= 0) return;
        const next = add(a, b, pair.fork, pair);
        if (next !== undefined) yield next;
      }
    }
  }
}

const alwaysOf = (flow: Flow, firing: Firing): string[] => [
  ...new Set([...firing.always, ...firing.joins.flatMap(({ join }) => flow.joins[join]?.target ?? [])]),
];

/** The nodes on one side of a pair after its fork; of a long way `…` and the end. */
export const sideOf = (pair: Pair, side: 'a' | 'b'): string[] => {
  const path: string[] = [];
  let at: Pair | undefined = pair;
  for (; at !== undefined && path.length < PATH_SHOWN; at = at.from) path.push(at[side]);
  return at === undefined ? path.reverse() : ['…', ...path.reverse()];
};
