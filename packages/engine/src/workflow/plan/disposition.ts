import type { ExecutionError } from '@aumos/agf-domain/runtime';
import { isCatchable } from './failure.js';
import type { Plan } from './plan.js';
import type { FanItem } from './step.js';

/** What becomes of a visit's error. */
export type Disposition =
  | { kind: 'collected' }
  /** the node counts as ended: its normal edges fire */
  | { kind: 'continued' }
  | { kind: 'caught'; target: string }
  | { kind: 'fatal' };

const CONTINUE = 'CONTINUE';

/** @param open whether a breaker refused the call */
export function disposition(
  plan: Plan,
  nodeId: string,
  failure: { error: ExecutionError; open: boolean; item: FanItem | null },
): Disposition {
  const node = plan.nodes.get(nodeId)?.node;
  if (!isCatchable(failure.error)) return { kind: 'fatal' };
  if (failure.item && plan.definition.edges[failure.item.edge]?.on_item_error === 'collect')
    return { kind: 'collected' };
  if (failure.open && node?.on_open !== undefined)
    return node.on_open === CONTINUE ? { kind: 'continued' } : { kind: 'caught', target: node.on_open };
  return node?.on_error === undefined ? { kind: 'fatal' } : { kind: 'caught', target: node.on_error };
}
