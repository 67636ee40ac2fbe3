import type { DefinitionCatalog } from '../catalog.js';
import type { CheckContext } from './context.js';

/** A workflow that comes back to itself, directly or through others, must say how deep. */
export const checkRecursion = ({ draft, catalog, findings }: CheckContext): void => {
  const { name } = draft;
  if (name === undefined) return;
  const ways = new Map<string, string[] | undefined>();
  for (const { value: node, pointer } of draft.nodes) {
    if (node?.type !== 'workflow' || node.max_depth !== undefined) continue;
    if (!ways.has(node.workflow)) ways.set(node.workflow, wayBack(node.workflow, name, catalog));
    const way = ways.get(node.workflow);
    if (way === undefined) continue;
    const message = `${node.id} calls ${[name, ...way].join(' → ')}: without max_depth that never ends`;
    const hint = 'set max_depth on the node';
    findings.error({ rule: 'RECURSION_UNBOUNDED', message, node: node.id, pointer: `${pointer}/workflow`, hint });
  }
};

/** The workflows from one to another, both included, along the newest versions' calls. */
const wayBack = (from: string, to: string, { workflows }: DefinitionCatalog): string[] | undefined => {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const at of cameFrom.keys()) {
    if (at === to) {
      const way: string[] = [];
      for (let step: string | undefined = at; step !== undefined; step = cameFrom.get(step)) way.push(step);
      return way.reverse();
    }
    for (const next of workflows?.get(at)?.calls ?? []) {
      if (!cameFrom.has(next)) cameFrom.set(next, at);
    }
  }
  return undefined;
};
