import { wayFrom, waysTo } from '../graph/workflow-calls.js';
import type { CheckContext } from './context.js';

/** A workflow that comes back to itself, directly or through others, must say how deep. */
export const checkRecursion = ({ draft, catalog, findings }: CheckContext): void => {
  const { name } = draft;
  if (name === undefined) return;
  const ways = waysTo([name], catalog.workflows ?? new Map<string, never>());
  for (const { value: node, pointer } of draft.nodes) {
    if (node?.type !== 'workflow' || node.max_depth !== undefined) continue;
    const way = wayFrom(node.workflow, ways);
    if (way === undefined) continue;
    const message = `${node.id} calls ${[name, ...way].join(' → ')}: without max_depth that never ends`;
    const hint = 'set max_depth on the node';
    findings.error({ rule: 'RECURSION_UNBOUNDED', message, node: node.id, pointer: `${pointer}/workflow`, hint });
  }
};
