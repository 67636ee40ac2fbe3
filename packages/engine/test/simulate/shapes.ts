import type { EdgeDefinition, WorkflowDefinition } from '@aumos/agf-domain';

const sourcesOf = ({ source }: EdgeDefinition): string[] => (typeof source === 'string' ? [source] : source.flat());

/** Whether some node comes before itself. */
function isCyclic(edges: readonly EdgeDefinition[]): boolean {
  const after = (node: string): string[] =>
    edges.flatMap((each) => (sourcesOf(each).includes(node) ? [each.target] : []));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    after(from).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return edges.some(({ target }) => reaches(target, target));
}

/** What the definition is made of, as far as a campaign counts it. */
export function shapesOf({ edges, nodes }: WorkflowDefinition): string[] {
  const found: Record<string, boolean> = {
    'with a join': edges.some(({ source }) => Array.isArray(source)),
    'with a cycle': isCyclic(edges),
    'with for_each': edges.some(({ for_each }) => for_each !== undefined),
    'with on_error': nodes.some(({ on_error }) => on_error !== undefined),
    'with compensate': nodes.some(({ compensate }) => compensate !== undefined),
    'with a child': nodes.some(({ type }) => type === 'workflow'),
  };
  return Object.keys(found).filter((shape) => found[shape]);
}
