import { END, type NodeDefinition } from '../definition.js';
import type { Flow } from '../graph/flow.js';
import { pairsOf } from '../graph/pairs.js';
import type { TimedContext } from './context.js';
import { callsOf, RISKY } from './needs.js';

/** Warnings look at this many pairs and then stop: they need not be complete. */
const BUDGET = 20_000;

/**
 * A step ends when all its nodes have: one that waits for a person, a timer, a model or another workflow
 * holds back what follows its siblings.
 */
export const warnOfBarriers = (context: TimedContext): void => {
  const { draft, flow, findings } = context;
  const slow = new Map<string, string>();
  for (const { value: node, pointer } of draft.nodes) {
    if (node !== undefined && isSlow(node, context)) slow.set(node.id, pointer);
  }
  if (slow.size === 0) return;
  for (const { a, b } of pairsOf(context, new Set(flow.graph.ids()), { left: BUDGET })) {
    for (const [waiting, sibling] of [
      [a, b],
      [b, a],
    ] as const) {
      const pointer = slow.get(waiting);
      const held = pointer === undefined ? undefined : heldBack(flow, waiting, sibling);
      if (held === undefined) continue;
      slow.delete(waiting);
      const message = `${held} waits for ${waiting} too, which runs in the same step as ${sibling} and may take long`;
      const hint = 'put the long branch into a workflow node';
      findings.warn({ rule: 'BARRIER_WAIT', message, node: waiting, path: [sibling, held], pointer, hint });
    }
  }
};

const isSlow = (node: NodeDefinition, { catalog }: TimedContext): boolean => {
  if (['gate', 'wait', 'agent', 'workflow'].includes(node.type)) return true;
  return node.gate !== undefined || callsOf(node, catalog).some(({ need }) => need >= RISKY);
};

/** A successor of the sibling that would not have to wait for the slow node anyway. */
const heldBack = (flow: Flow, slow: string, sibling: string): string | undefined => {
  const firing = flow.firings.get(sibling);
  const shared = new Set(flow.next.get(slow));
  return [...(firing?.always ?? []), ...(firing?.choices ?? [])].find((id) => id !== END && !shared.has(id));
};
