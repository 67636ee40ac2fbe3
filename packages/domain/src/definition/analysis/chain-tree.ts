import type { BreakerKey } from '../../breaker/breaker.js';
import { functionBreakerKey } from '../../keys/keys.js';
import type { NodeDefinition } from '../definition.js';
import { callersOf } from './callers.js';
import type { PublishedAgent, PublishedWorkflow } from './published.js';

/** A breaker of a chain, and what lies beyond it. */
export interface ChainBranch {
  key: BreakerKey;
  branches: ChainBranch[];
}
export interface ChainTree {
  /** whose calls pass it, up to the workflows that nobody calls */
  callers: ChainBranch[];
  /** what its calls pass then */
  callees: ChainBranch[];
  /** more than MOST_BRANCHES: the rest is left out */
  truncated: boolean;
}

export const MOST_BRANCHES = 500;

/**
 * The breakers above and below one, as published definitions call one another: a workflow calls its nodes' tools,
 * handlers, agents and workflows, an agent its tools. By key; one that is above itself ends the branch.
 * @param agents by id
 */
export function chainTree(
  key: BreakerKey,
  published: readonly PublishedWorkflow[],
  agents: ReadonlyMap<string, PublishedAgent>,
): ChainTree {
  const calls = callsOf(published, agents);
  const called = inverse(calls);
  const tree: ChainTree = { callers: [], callees: [], truncated: false };
  let left = MOST_BRANCHES;
  const grow = (from: BreakerKey, links: Links, above: readonly BreakerKey[]): ChainBranch[] => {
    const branches: ChainBranch[] = [];
    for (const next of [...(links.get(from) ?? [])].sort()) {
      if (above.includes(next)) continue;
      if (left === 0) {
        tree.truncated = true;
        break;
      }
      left -= 1;
      branches.push({ key: next, branches: grow(next, links, [...above, next]) });
    }
    return branches;
  };
  tree.callers = grow(key, called, [key]);
  tree.callees = grow(key, calls, [key]);
  return tree;
}

type Links = ReadonlyMap<BreakerKey, ReadonlySet<BreakerKey>>;

function callsOf(published: readonly PublishedWorkflow[], agents: ReadonlyMap<string, PublishedAgent>): Links {
  const links = new Map<BreakerKey, Set<BreakerKey>>();
  const link = (from: BreakerKey, to: BreakerKey): unknown =>
    links.get(from)?.add(to) ?? links.set(from, new Set([to]));
  const idOf = new Map([...agents].flatMap(([id, { name }]) => [[id, id] as const, [name, id] as const]));
  const callers = callersOf(published);
  for (const workflow of published) {
    const own: BreakerKey = `workflow:${workflow.id}`;
    for (const { parent } of callers.of(workflow)) link(`workflow:${parent.id}`, own);
    for (const node of workflow.definition.nodes) {
      for (const name of toolsOf(node)) link(own, name);
      const agent = node.type === 'agent' ? idOf.get(node.agent) : undefined;
      if (agent === undefined || node.type !== 'agent') continue;
      link(own, `agent:${agent}`);
      for (const tool of node.tools ?? agents.get(agent)?.tools ?? []) link(`agent:${agent}`, `tool:${tool}`);
    }
  }
  return links;
}

function toolsOf(node: NodeDefinition): BreakerKey[] {
  const undone: BreakerKey[] = node.compensate ? [`tool:${node.compensate.tool}`] : [];
  if (node.type === 'tool') return [`tool:${node.tool}`, ...undone];
  return node.type === 'function' ? [functionBreakerKey(node), ...undone] : undone;
}

function inverse(links: Links): Links {
  const back = new Map<BreakerKey, Set<BreakerKey>>();
  for (const [from, all] of links)
    for (const to of all) back.set(to, (back.get(to) ?? new Set<BreakerKey>()).add(from));
  return back;
}
