import { START } from '../definition.js';
import type { Flow } from './flow.js';

/** How each reached node was first reached; START has no predecessor. */
export type Reached = ReadonlyMap<string, string | undefined>;

/**
 * What can be reached from START. A join's target only once each of its groups has a reached node;
 * its predecessor is then the last one of them. Linear.
 * @param passes whether a node's normal edges are followed; its error and open edges always are
 */
export const reachFromStart = (flow: Flow, passes: (id: string) => boolean = () => true): Reached => {
  const reached = new Map<string, string | undefined>([[START, undefined]]);
  const missing = flow.joins.map(({ groups }) => new Set(groups.keys()));
  const queue: string[] = [START];
  const visit = (target: string | undefined, from: string | undefined): void => {
    if (target === undefined || reached.has(target)) return;
    reached.set(target, from);
    queue.push(target);
  };
  for (const target of flow.looseTargets) visit(target, undefined);
  const arrive = (join: number, groups: number[], id: string): void => {
    for (const group of groups) missing[join]?.delete(group);
    if (missing[join]?.size === 0) visit(flow.joins[join]?.target, id);
  };
  for (let position = 0; position < queue.length; position += 1) {
    const id = queue[position] ?? START;
    const firing = flow.firings.get(id);
    visit(firing?.onError, id);
    visit(firing?.onOpen, id);
    if (!passes(id)) continue;
    for (const target of [...(firing?.always ?? []), ...(firing?.choices ?? [])]) visit(target, id);
    for (const { join, groups } of firing?.joins ?? []) arrive(join, groups, id);
  }
  return reached;
};

/** The nodes from START to this one, both included; of a long way START, `…` and the end. */
export const pathTo = (reached: Reached, id: string): string[] => {
  const path: string[] = [];
  let at: string | undefined = id;
  for (; at !== undefined && path.length < PATH_SHOWN; at = reached.get(at)) path.push(at);
  return at === undefined ? path.reverse() : [START, '…', ...path.reverse()];
};

/** Ten thousand findings, each with a way through ten thousand nodes, would help nobody. */
export const PATH_SHOWN = 64;

/** What leads to one of the given nodes, they included. Linear. */
export const leadingTo = (flow: Flow, targets: Iterable<string>): Set<string> => {
  const found = new Set(targets);
  for (const id of found) {
    for (const source of flow.previous.get(id) ?? []) found.add(source);
  }
  return found;
};
