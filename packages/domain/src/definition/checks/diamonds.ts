import type { Flow } from '../graph/flow.js';
import { pathTo } from '../graph/reach.js';
import type { Shares } from '../graph/shares.js';
import type { TimedContext } from './context.js';

interface Arrival {
  source: string;
  share: number;
  step: number;
}

/** Parallel branches of different lengths that meet without a join run what follows once for each. */
export const warnOfUnequalDiamonds = (context: TimedContext): void => {
  const { draft, findings, reached } = context;
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const [first, second] = unequal(context, node.id);
    if (first === undefined || second === undefined) continue;
    const message = `${node.id} runs once after ${first.source} and again after ${second.source}, which end in different steps`;
    const path = [...pathTo(reached, second.source), node.id];
    const hint = `join them: {"source": ["${first.source}", "${second.source}"], "target": "${node.id}"}`;
    findings.warn({ rule: 'UNEQUAL_DIAMOND', message, node: node.id, path, pointer, hint });
  }
};

/** Two arrivals that differ in share and in step: equal shares are alternatives, different ones parts that all come. */
const unequal = (context: TimedContext, id: string): Arrival[] => {
  const arrivals = arrivalsAt(context, id);
  const [first] = arrivals;
  if (first === undefined) return [];
  const later = arrivals.find(({ step }) => step !== first.step);
  const other = arrivals.find(({ share }) => share !== first.share);
  if (later === undefined || other === undefined) return [];
  if (later.share !== first.share) return [first, later];
  return other.step === first.step ? [other, later] : [first, other];
};

/** How a node is reached by single edges, from outside its own cycle, where that is known. */
const arrivalsAt = ({ flow, shares, ranges, components }: TimedContext, id: string): Arrival[] => {
  const arrivals: Arrival[] = [];
  for (const { source, kind } of flow.graph.into(id)) {
    const share = shares.of.get(source);
    const range = ranges.get(source);
    if (kind !== 'edge' || typeof share !== 'number' || range === undefined) continue;
    if (components.of.get(source) === components.of.get(id)) continue;
    // A source that may run in several steps is equal to no other.
    const step = range.first === range.last ? range.last : -1 - arrivals.length;
    arrivals.push({ source, share: shareOfEdge(flow, shares, source, id), step });
  }
  return arrivals;
};

const shareOfEdge = (flow: Flow, shares: Shares, source: string, target: string): number => {
  const share = Number(shares.of.get(source));
  const firing = flow.firings.get(source);
  if (firing === undefined) return share;
  if (firing.choices.includes(target)) return Number(shares.ofChoice.get(source) ?? share);
  // One of several branches has a part of its own: the negative of the whole that is split is no other's share.
  const branches = firing.always.length + firing.joins.length + (firing.choices.length > 0 ? 1 : 0);
  return branches > 1 ? -share : share;
};
