import { END } from '../definition.js';
import { componentsOf } from '../graph/components.js';
import type { Firing, Flow } from '../graph/flow.js';
import type { CheckContext } from './context.js';

/** Cycles that no condition, handler or end can leave: `max_steps` ends them. */
export const warnOfEndlessCycles = ({ draft, flow, findings }: CheckContext): void => {
  const trapped = trappedIn(flow);
  if (trapped.size === 0) return;
  const { list, cyclic } = componentsOf(flow, trapped);
  const pointers = new Map(draft.nodes.map(({ id, pointer }) => [id, pointer]));
  for (const number of cyclic) {
    const path = cycleIn(flow, new Set(list[number]));
    const [node] = path;
    const message = `only max_steps ends the cycle ${path.slice(0, 10).join(' → ')}${path.length > 10 ? ' → …' : ''}`;
    const hint = 'give a node of the cycle conditional edges, one of which leads out';
    findings.warn({ rule: 'ENDLESS_CYCLE', message, node, path, pointer: pointers.get(node), hint });
  }
};

/** The largest set of nodes each of which, however it ends, sets off a node of the set again. Linear. */
const trappedIn = (flow: Flow): Set<string> => {
  const trapped = new Set(flow.nodes.keys());
  const open = [...trapped].filter((id) => mayLeave(flow.firings.get(id), trapped));
  for (const id of open) trapped.delete(id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const source of flow.previous.get(id) ?? []) {
      if (!trapped.has(source) || !mayLeave(flow.firings.get(source), trapped)) continue;
      trapped.delete(source);
      open.push(source);
    }
  }
  return trapped;
};

const mayLeave = (firing: Firing | undefined, trapped: ReadonlySet<string>): boolean => {
  if (firing === undefined) return true;
  const leaves = (handler: string | undefined): boolean => handler !== undefined && !trapped.has(handler);
  if (leaves(firing.onError) || leaves(firing.onOpen)) return true;
  if (firing.always.some((target) => trapped.has(target))) return false;
  // Without otherwise the last way out is NO_EDGE_MATCHED: an end, if no good one.
  return !firing.hasOtherwise || firing.choices.some((target) => target === END || !trapped.has(target));
};

/** One cycle through nodes that all follow one another within the set. */
const cycleIn = (flow: Flow, within: ReadonlySet<string>): string[] => {
  const path = new Set<string>();
  let at = within.values().next().value;
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    at = flow.next.get(at)?.find((id) => within.has(id));
  }
  const nodes = [...path];
  return at === undefined ? nodes : [...nodes.slice(nodes.indexOf(at)), at];
};
