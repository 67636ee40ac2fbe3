import { END, SCOPE, START, type EdgeDefinition, type WorkflowDefinition } from '@aumos/agf-domain/runtime';
import { PlanError, type EdgePlan, type JoinPlan, type OutgoingEdges } from './plan.js';
import { lazyExpression } from './values.js';

export interface CompiledEdges {
  start: OutgoingEdges;
  outgoing: Map<string, OutgoingEdges>;
  joins: JoinPlan[];
}

export const noEdges = (): OutgoingEdges => ({ always: [], conditional: [], otherwise: [], joins: [] });

function edgePlan(edge: EdgeDefinition, index: number): EdgePlan {
  return {
    index,
    target: edge.target,
    collect: edge.on_item_error === 'collect',
    ...(edge.condition === undefined ? {} : { condition: lazyExpression(edge.condition, SCOPE.edge, 'bool') }),
    ...(edge.for_each === undefined ? {} : { forEach: lazyExpression(edge.for_each, SCOPE.edge, 'list') }),
    ...(edge.max_concurrency === undefined ? {} : { maxConcurrency: edge.max_concurrency }),
  };
}

/** Sorts the definition's edges by what makes them fire. @throws PlanError on an end that does not exist */
export function compileEdges(definition: WorkflowDefinition): CompiledEdges {
  const outgoing = new Map(definition.nodes.map((node) => [node.id, noEdges()]));
  const start = noEdges();
  const joins: JoinPlan[] = [];
  const from = (source: string): OutgoingEdges => {
    const edges = source === START ? start : outgoing.get(source);
    if (!edges) throw new PlanError(`An edge starts at "${source}", which is no node`);
    return edges;
  };
  definition.edges.forEach((edge, index) => {
    if (edge.target !== END && !outgoing.has(edge.target))
      throw new PlanError(`An edge leads to "${edge.target}", which is no node`);
    if (typeof edge.source === 'string') {
      const edges = from(edge.source);
      const kind = edge.condition !== undefined ? 'conditional' : edge.otherwise ? 'otherwise' : 'always';
      edges[kind].push(edgePlan(edge, index));
      return;
    }
    const groups = edge.source.map((group) => (typeof group === 'string' ? [group] : group));
    groups.forEach((group, at) => {
      for (const source of group) from(source).joins.push({ join: joins.length, group: at });
    });
    joins.push({ target: edge.target, groups });
  });
  return { start, outgoing, joins };
}
