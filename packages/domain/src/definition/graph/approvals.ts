import { START } from '../definition.js';
import type { Components } from './components.js';
import type { Flow } from './flow.js';
import { PATH_SHOWN, type Reached } from './reach.js';

/** Gate nodes whose approval every way from START to a node passes. */
export interface Approvals {
  /** nearest START first; of a long list the last ones */
  before: (id: string) => string[];
}

/** What leads into a node. */
interface Into {
  normal: string[];
  handlers: string[];
  joins: number[];
}
/** One bit a gate node; undefined: nothing is known yet, so nothing is excluded. */
type Row = Uint32Array | undefined;

interface State {
  flow: Flow;
  reached: Reached;
  into: ReadonlyMap<string, Into>;
  bits: ReadonlyMap<string, number>;
  words: number;
  rows: Map<string, Uint32Array>;
}

/** Cycles in cycles could take as many passes as there are nodes: then less is claimed instead. */
const PASSES = 16;

/**
 * Dominators, of gate nodes alone, with joins: what one branch of a join has passed, the join has passed.
 * A gate is passed by its normal edges; rejection and expiry take the others. Sound always; exact but for cycles so
 * entangled that they are not settled after a fixed number of passes. One machine word holds 32 gates.
 */
export const approvalsOf = (flow: Flow, reached: Reached, components: Components): Approvals => {
  const ordered = [...components.list].reverse();
  const gates = ordered.flat().filter((id) => flow.nodes.get(id)?.type === 'gate' && reached.has(id));
  if (gates.length === 0) return { before: () => [] };
  const bits = new Map(gates.map((id, index) => [id, index]));
  const into = intoOf(flow, reached);
  const state: State = { flow, reached, into, bits, words: Math.ceil(gates.length / 32), rows: new Map() };
  for (const component of ordered) {
    const members = component.filter((id) => reached.has(id));
    const cyclic = components.cyclic.has(components.of.get(component[0] ?? '') ?? -1);
    settle(state, members, cyclic);
  }
  return { before: (id) => listed(state.rows.get(id), gates) };
};

const intoOf = (flow: Flow, reached: Reached): Map<string, Into> => {
  const into = new Map<string, Into>([...reached.keys()].map((id) => [id, { normal: [], handlers: [], joins: [] }]));
  for (const id of reached.keys()) {
    const firing = flow.firings.get(id);
    for (const target of [...(firing?.always ?? []), ...(firing?.choices ?? [])]) into.get(target)?.normal.push(id);
    for (const target of [firing?.onError, firing?.onOpen]) into.get(target ?? '')?.handlers.push(id);
  }
  for (const [index, { target }] of flow.joins.entries()) into.get(target)?.joins.push(index);
  return into;
};

const settle = (state: State, members: readonly string[], cyclic: boolean): void => {
  for (let pass = 0; pass < (cyclic ? PASSES : 1); pass += 1) {
    let changed = false;
    for (const id of members) changed = update(state, id) || changed;
    if (!changed || !cyclic) return;
  }
  settleByEntries(state, members);
};

/** Whoever is in the cycle came in from outside: what all ways in have passed, all its nodes have. */
const settleByEntries = (state: State, members: readonly string[]): void => {
  for (const id of members) state.rows.delete(id);
  const inside = new Set(members);
  let entry: Row;
  for (const id of members) entry = meet(entry, arriving(state, id, inside));
  for (const id of members) state.rows.set(id, Uint32Array.from(entry ?? new Uint32Array(state.words)));
};

const update = (state: State, id: string): boolean => {
  const before = state.rows.get(id);
  const after = arriving(state, id);
  if (after === undefined || (before !== undefined && before.every((word, index) => word === after[index])))
    return false;
  state.rows.set(id, after);
  return true;
};

/** What every way into the node has passed. @param ignored sources that are no way in */
const arriving = (state: State, id: string, ignored?: ReadonlySet<string>): Row => {
  if (id === START || state.flow.looseTargets.has(id)) return new Uint32Array(state.words);
  const into = state.into.get(id);
  let row: Row;
  for (const source of into?.normal ?? []) if (!ignored?.has(source)) row = meet(row, passed(state, source));
  for (const source of into?.handlers ?? []) if (!ignored?.has(source)) row = meet(row, state.rows.get(source));
  for (const join of into?.joins ?? []) row = meet(row, joined(state, join, ignored));
  return row;
};

/** All groups have ended: what any of them has passed. */
const joined = (state: State, join: number, ignored: ReadonlySet<string> | undefined): Row => {
  let all: Row;
  for (const group of state.flow.joins[join]?.groups ?? []) {
    if (group.some((source) => ignored?.has(source))) continue;
    let one: Row;
    for (const source of group) if (state.reached.has(source)) one = meet(one, passed(state, source));
    // A group of which nothing is known yet excludes nothing, so neither does the join.
    if (one === undefined && ignored === undefined) return undefined;
    if (one !== undefined) all = all === undefined ? one : all.map((word, index) => word | (one[index] ?? 0));
  }
  return all;
};

const passed = (state: State, source: string): Row => {
  const row = state.rows.get(source);
  const bit = state.bits.get(source);
  if (row === undefined || bit === undefined) return row;
  const after = Uint32Array.from(row);
  after[bit >>> 5] = (after[bit >>> 5] ?? 0) | (1 << (bit & 31));
  return after;
};

const meet = (a: Row, b: Row): Row => {
  if (a === undefined) return b === undefined ? undefined : Uint32Array.from(b);
  if (b === undefined) return a;
  for (let index = 0; index < a.length; index += 1) a[index] = (a[index] ?? 0) & (b[index] ?? 0);
  return a;
};

const listed = (row: Row, gates: readonly string[]): string[] => {
  const found: string[] = [];
  for (let word = (row?.length ?? 0) - 1; word >= 0 && found.length < PATH_SHOWN; word -= 1) {
    const bits = row?.[word] ?? 0;
    for (let bit = 31; bits !== 0 && bit >= 0 && found.length < PATH_SHOWN; bit -= 1) {
      if ((bits >>> bit) & 1) found.push(gates[word * 32 + bit] ?? '');
    }
  }
  return found.reverse();
};
