import type { CompiledExpression, Json } from '@aumos/agf-domain/runtime';
import { executionError, type ErrorSite } from './failure.js';
import { NodeError, expressionFailure } from './node-error.js';
import type { EdgePlan, OutgoingEdges } from './plan.js';
import type { FanItem } from './step.js';

const MAX_ITEMS = 10_000;

/** What an ended node sets off. */
export interface Routed {
  plain: string[];
  fans: { target: string; items: FanItem[] }[];
}

type Scope = Record<string, Json>;

function evaluate(expression: () => CompiledExpression, scope: Scope, site: ErrorSite): Json {
  try {
    return expression().evaluate(scope);
  } catch (error) {
    throw expressionFailure(error, site);
  }
}

function itemsOf(edge: EdgePlan & { forEach: () => CompiledExpression }, scope: Scope, site: ErrorSite): FanItem[] {
  const list = evaluate(edge.forEach, scope, site);
  if (!Array.isArray(list) || list.length > MAX_ITEMS)
    throw new NodeError(
      executionError(
        site,
        'EXPRESSION_ERROR',
        Array.isArray(list)
          ? `for_each "${edge.forEach().source}" has ${String(list.length)} items; ${String(MAX_ITEMS)} are the most`
          : `for_each "${edge.forEach().source}" is no list`,
      ),
    );
  return list.map((value, index) => ({ edge: edge.index, index, value }));
}

/** The edges that fire. `scope` shows the state at the step's start with the node's own writes. @throws NodeError */
export function route(edges: OutgoingEdges, scope: Scope, site: ErrorSite): Routed {
  const firing = [...edges.always];
  const matched = edges.conditional.find(
    (edge) => edge.condition !== undefined && evaluate(edge.condition, scope, site) === true,
  );
  if (matched) firing.push(matched);
  else if (edges.otherwise.length > 0) firing.push(...edges.otherwise);
  else if (edges.conditional.length > 0)
    throw new NodeError(
      executionError(
        site,
        'NO_EDGE_MATCHED',
        `No condition of "${site.node ?? 'START'}" is true, and it has no otherwise`,
      ),
    );
  const routed: Routed = { plain: [], fans: [] };
  for (const edge of firing) {
    if (edge.forEach === undefined) routed.plain.push(edge.target);
    else routed.fans.push({ target: edge.target, items: itemsOf({ ...edge, forEach: edge.forEach }, scope, site) });
  }
  return routed;
}
