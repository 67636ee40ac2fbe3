import { START } from '../definition.js';
import type { Components } from './components.js';
import type { Flow, Join } from './flow.js';

/** The steps in which a node can run, both included; START is step 0. Wider than the truth, never narrower. */
export interface StepRange {
  first: number;
  last: number;
}

/**
 * Linear. On a cycle the first step is the shortest way's, the last is Infinity; elsewhere a join runs
 * after the last of its sources, whatever the lengths of the branches.
 */
export const stepRangesOf = (flow: Flow, components: Components): ReadonlyMap<string, StepRange> => {
  const ranges = new Map<string, StepRange>([[START, { first: 0, last: 0 }]]);
  const shortest = shortestWays(flow);
  const joinsInto = new Map<string, Join[]>();
  for (const join of flow.joins) joinsInto.set(join.target, [...(joinsInto.get(join.target) ?? []), join]);
  for (const component of [...components.list].reverse()) {
    const cyclic = components.cyclic.has(components.of.get(component[0] ?? '') ?? -1);
    for (const id of component) {
      const first = shortest.get(id);
      if (first === undefined || id === START) continue;
      ranges.set(id, cyclic ? { first, last: Infinity } : afterAll(flow, id, ranges, joinsInto.get(id) ?? []));
    }
  }
  return ranges;
};

const afterAll = (
  flow: Flow,
  id: string,
  ranges: ReadonlyMap<string, StepRange>,
  joins: readonly Join[],
): StepRange => {
  const single = flow.graph.into(id).map(({ source, kind }) => (kind === 'join' ? undefined : ranges.get(source)));
  const joined = joins.map(({ groups }) =>
    groups
      .map((group) => widest(group.map((source) => ranges.get(source))))
      .reduce<StepRange>(
        (all, group) => ({ first: Math.max(all.first, group.first), last: Math.max(all.last, group.last) }),
        { first: 0, last: 0 },
      ),
  );
  const { first, last } = widest([...single, ...joined]);
  return { first: first + 1, last: last + 1 };
};

const widest = (ranges: readonly (StepRange | undefined)[]): StepRange => {
  const all = { first: Infinity, last: 0 };
  for (const range of ranges) {
    if (range === undefined) continue;
    all.first = Math.min(all.first, range.first);
    all.last = Math.max(all.last, range.last);
  }
  return all;
};

const shortestWays = (flow: Flow): Map<string, number> => {
  const steps = new Map([[START, 0]]);
  for (const [id, step] of steps) {
    for (const target of flow.next.get(id) ?? []) {
      if (!steps.has(target)) steps.set(target, step + 1);
    }
  }
  return steps;
};
