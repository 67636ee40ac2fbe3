import { END, type NodeDefinition } from '../definition.js';
import type { Flow } from '../graph/flow.js';
import { leadingTo, pathTo } from '../graph/reach.js';
import type { CheckContext } from './context.js';

/** Every node can be reached from START and has a way to END. */
export const checkReachability = (context: CheckContext): void => {
  const { draft, flow, reached, findings } = context;
  if (!draft.wired) return;
  const ends = [...flow.nodes].filter(([id, node]) => node?.type === 'fail' || flow.looseSources.has(id));
  const ending = leadingTo(flow, [END, ...ends.map(([id]) => id)]);
  const seen = new Set<string>();
  for (const { id, pointer } of draft.nodes) {
    if (id === undefined || !flow.nodes.has(id) || seen.has(id)) continue;
    seen.add(id);
    if (!reached.has(id)) {
      const message = `${id} is never reached from START`;
      findings.error({ rule: 'NODE_UNREACHABLE', message, node: id, pointer, hint: 'add an edge to it or remove it' });
    }
    if (!ending.has(id) || !goesOn(flow, id, flow.nodes.get(id))) {
      const message = `from ${id} no way leads to END`;
      const path = reached.has(id) ? pathTo(reached, id) : undefined;
      const hint = 'add an edge from it towards END';
      findings.error({ rule: 'NO_WAY_TO_END', message, node: id, path, pointer, hint });
    }
  }
};

/** A node that ends well needs a normal edge: its error edge is not taken then. */
const goesOn = (flow: Flow, id: string, node: NodeDefinition | undefined): boolean => {
  if (node?.type === 'fail' || flow.looseSources.has(id)) return true;
  const firing = flow.firings.get(id);
  return firing !== undefined && firing.always.length + firing.choices.length + firing.joins.length > 0;
};
