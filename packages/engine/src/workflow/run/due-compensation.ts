import type { Json } from '@aumos/agf-domain/runtime';
import type { Compensation } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { Visit } from './visit.js';

/** What undoes a visit that succeeded, its arguments fixed now. @throws NodeError, ExpressionError */
export function dueCompensation({ node, planned, scope, site, view, due }: Visit, result: Json): Compensation | null {
  if (!node.compensate || !planned.compensation) return null;
  const given = planned.compensation().evaluate({ ...scope, result });
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new NodeError(executionError(site, 'EXPRESSION_ERROR', 'The arguments of its compensation are no object'));
  const item = due.item?.index ?? null;
  return { ...site, step: view.book.step, item, tool: node.compensate.tool, arguments: given };
}
