import { END, START } from '../definition.js';
import type { Flow } from './flow.js';

/**
 * Which part of the execution runs through a node, as a number: START holds the whole, a node that sets off several
 * branches splits its share among them, a join adds the shares of its sources again, alternatives carry the same one.
 * Shares are drawn so that parts add up to the whole only where all parts are there. So two nodes of the same share
 * never run at once, and a node with the whole share runs alone.
 */
export interface Shares {
  whole: number;
  /** a number; `mixed` where ways with different shares meet without a join: nothing is proven from there on */
  of: ReadonlyMap<string, Share>;
  /** of a node: the part that goes along one of its conditional edges */
  ofChoice: ReadonlyMap<string, Share>;
}
type Share = number | 'mixed';

/** A prime below 2^52: sums of two shares stay exact. */
const MODULUS = 4_503_599_627_370_449;
const WHOLE = 1_234_567_890_123_457;

/** What has arrived at a join, by group. */
interface Arrived {
  groups: (Share | undefined)[];
  missing: number;
  sum: Share;
}

interface State {
  flow: Flow;
  of: Map<string, Share>;
  ofChoice: Map<string, Share>;
  joins: Arrived[];
  queue: string[];
  /** the numbers drawn for a node's branches stay the same when it is looked at again */
  drawn: Map<string, number[]>;
  random: () => number;
}

/** Linear: a node's share is set once and mixed once. */
export const sharesOf = (flow: Flow): Shares => {
  const joins = flow.joins.map(({ groups }) => ({
    groups: groups.map(() => undefined),
    missing: groups.length,
    sum: 0,
  }));
  const state: State = {
    flow,
    of: new Map(),
    ofChoice: new Map(),
    joins,
    queue: [],
    drawn: new Map(),
    random: randomShares(),
  };
  arrive(state, START, WHOLE);
  for (let position = 0; position < state.queue.length; position += 1) fire(state, state.queue[position] ?? START);
  return { whole: WHOLE, of: state.of, ofChoice: state.ofChoice };
};

const arrive = (state: State, id: string, share: Share): void => {
  if (id === END) return;
  const before = state.of.get(id);
  const after = combine(before, share);
  if (after === before) return;
  state.of.set(id, after);
  state.queue.push(id);
};

/** Alternatives agree or are mixed. */
const combine = (before: Share | undefined, share: Share): Share =>
  before === undefined || before === share ? share : 'mixed';

const fire = (state: State, id: string): void => {
  const firing = state.flow.firings.get(id);
  const share = state.of.get(id);
  if (firing === undefined || share === undefined) return;
  for (const handler of [firing.onError, firing.onOpen]) {
    if (handler !== undefined) arrive(state, handler, share);
  }
  const branches = firing.always.length + firing.joins.length + (firing.choices.length > 0 ? 1 : 0);
  const parts = split(state, id, share, branches);
  for (const target of firing.always) arrive(state, target, parts.pop() ?? 'mixed');
  for (const { join, groups } of firing.joins) {
    const part = parts.pop() ?? 'mixed';
    // In two groups of one join it counts once: the second adds nothing.
    for (const [position, group] of groups.entries()) arriveAtJoin(state, join, group, position === 0 ? part : 0);
  }
  const part = parts.pop() ?? 'mixed';
  state.ofChoice.set(id, part);
  for (const target of firing.choices) arrive(state, target, part);
};

const arriveAtJoin = (state: State, join: number, group: number, share: Share): void => {
  const arrived = state.joins[join];
  const target = state.flow.joins[join]?.target;
  if (arrived === undefined || target === undefined) return;
  const before = arrived.groups[group];
  const after = combine(before, share);
  if (after === before) return;
  arrived.groups[group] = after;
  if (before === undefined) arrived.missing -= 1;
  arrived.sum = after === 'mixed' || arrived.sum === 'mixed' ? 'mixed' : (arrived.sum + after) % MODULUS;
  if (arrived.missing === 0) arrive(state, target, arrived.sum);
};

const split = (state: State, id: string, share: Share, count: number): Share[] => {
  if (count <= 1 || share === 'mixed') return new Array<Share>(count).fill(share);
  let parts = state.drawn.get(id);
  if (parts === undefined) {
    parts = Array.from({ length: count - 1 }, state.random);
    state.drawn.set(id, parts);
  }
  const rest = parts.reduce((left, part) => (left - part + MODULUS) % MODULUS, share);
  return [...parts, rest];
};

/** Two 26-bit halves of a fixed sequence (xorshift): the same definition always gives the same findings. */
const randomShares = (): (() => number) => {
  let seed = 0x9e3779b9;
  const bits = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) % 0x4000000;
  };
  return () => (bits() * 0x4000000 + bits()) % MODULUS;
};
