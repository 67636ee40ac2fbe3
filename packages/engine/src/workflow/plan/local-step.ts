import { own } from './own.js';
import type { Plan, RunnableNode } from './plan.js';
import type { DueVisits } from './step.js';

/** One attempt of a handler in the process of the platform, where its node says nothing. */
export const LOCAL_SECONDS = 10;
const GATED_FROM = 3;

/** Ends soon, asks nobody, and needs no queue: it can run in one go with its neighbours. */
function isShort(node: RunnableNode): boolean {
  return (
    node.type === 'function' &&
    node.placement === 'local' &&
    node.gate === undefined &&
    (node.privilege_level ?? 1) < GATED_FROM &&
    node.heartbeat_seconds === undefined &&
    (node.timeout_seconds ?? LOCAL_SECONDS) <= LOCAL_SECONDS
  );
}

const dueNodes = (plan: Plan, due: DueVisits): (RunnableNode | undefined)[] =>
  Object.keys(due).map((id) => plan.nodes.get(id)?.node);

/**
 * Whether all that is due in a step can run in one go, outside of the workflow: local functions, and what computes.
 * @param begins the first step of such a stretch has a function: what only computes is done in the workflow
 */
export function isLocalStep(plan: Plan, due: DueVisits, begins: boolean): boolean {
  const nodes = dueNodes(plan, due);
  const runnable = nodes.every((node) => node !== undefined && (node.type === 'transform' || isShort(node)));
  if (!runnable || nodes.length === 0) return false;
  return !begins || localNodes(plan, due).length > 0;
}

/** The nodes of a step whose visits can run so, whatever runs beside them. */
export const localNodes = (plan: Plan, due: DueVisits): string[] =>
  dueNodes(plan, due).flatMap((node) =>
    node !== undefined && isShort(node) && (own(due, node.id) ?? []).length > 0 ? [node.id] : [],
  );
