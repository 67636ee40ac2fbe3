import type { WorkflowInfo } from '../catalog.js';

/** Of each workflow that leads to a target the next on a shortest way; of a target itself undefined. */
export type WaysTo = ReadonlyMap<string, string | undefined>;

/** Along the calls of the newest versions. Linear in what the catalog has. */
export const waysTo = (targets: readonly string[], workflows: ReadonlyMap<string, WorkflowInfo>): WaysTo => {
  const callers = new Map<string, string[]>();
  for (const [name, { calls }] of workflows) {
    for (const call of calls) {
      const list = callers.get(call);
      if (list === undefined) callers.set(call, [name]);
      else list.push(name);
    }
  }
  const ways = new Map<string, string | undefined>(targets.map((name) => [name, undefined]));
  for (const name of ways.keys()) {
    for (const caller of callers.get(name) ?? []) if (!ways.has(caller)) ways.set(caller, name);
  }
  return ways;
};

/** From a workflow to its target, both included; undefined where no way leads there. */
export const wayFrom = (name: string, ways: WaysTo): string[] | undefined => {
  if (!ways.has(name)) return undefined;
  const way: string[] = [];
  for (let at: string | undefined = name; at !== undefined && way.length < SHOWN; at = ways.get(at)) way.push(at);
  return way;
};

/** A long way is cut: its beginning tells enough. */
const SHOWN = 64;
