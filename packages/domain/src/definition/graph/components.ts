import type { Flow } from './flow.js';

export interface Components {
  /** number of the component a node is in; a node's successors outside it have smaller numbers */
  of: ReadonlyMap<string, number>;
  /** components of two nodes or more, or of one that follows itself */
  cyclic: ReadonlySet<number>;
  /** each component before those that lead to it */
  list: readonly string[][];
}

interface Frame {
  id: string;
  next: readonly string[];
  position: number;
}

/** Strongly connected components, by Tarjan, without recursion: a chain of 10,000 nodes is deep. */
export const componentsOf = (flow: Flow, within?: ReadonlySet<string>): Components => {
  const next = (id: string): readonly string[] => {
    const all = flow.next.get(id) ?? [];
    return within === undefined ? all : all.filter((target) => within.has(target));
  };
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const of = new Map<string, number>();
  const list: string[][] = [];
  const cyclic = new Set<number>();
  const stack: string[] = [];
  const enter = (id: string): Frame => {
    order.set(id, order.size);
    low.set(id, order.size - 1);
    stack.push(id);
    return { id, next: next(id), position: 0 };
  };
  const lower = (id: string, value: number): void => void low.set(id, Math.min(low.get(id) ?? value, value));
  const close = (root: string): void => {
    const members = stack.splice(stack.lastIndexOf(root));
    for (const id of members) of.set(id, list.length);
    if (members.length > 1 || next(root).includes(root)) cyclic.add(list.length);
    list.push(members);
  };
  for (const start of within ?? flow.graph.ids()) {
    if (order.has(start)) continue;
    const frames = [enter(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = frame.next[frame.position];
      frame.position += 1;
      if (target === undefined) {
        frames.pop();
        if (low.get(frame.id) === order.get(frame.id)) close(frame.id);
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.id, low.get(frame.id) ?? 0);
      } else if (!order.has(target)) {
        frames.push(enter(target));
      } else if (!of.has(target)) {
        lower(frame.id, order.get(target) ?? 0);
      }
    }
  }
  return { of, cyclic, list };
};
