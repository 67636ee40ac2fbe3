import type { CompensateNode } from '@aumos/agf-domain/runtime';
import type { Ran, Visit } from './visit.js';

/** Undoes what was done in the steps before; at the execution's end it is not due any more. */
export async function runCompensate(visit: Visit<CompensateNode>): Promise<Ran> {
  const { run, view } = visit;
  if (!isFirst(visit)) return { result: { compensated: 0, failed: 0 }, recorded: false };
  const { compensated, failed } = await run.compensations.undo(view, view.book.step);
  // What is shielded does not notice.
  if (run.scope.consideredCancelled) run.end({ kind: 'cancelled' });
  return { result: { compensated, failed }, recorded: false };
}

/** Of several in one step the first one undoes everything, whichever of them begins first. */
function isFirst({ run, view, site, due }: Visit<CompensateNode>): boolean {
  const first = Object.entries(view.book.due).find(
    ([node, visits]) => visits.length > 0 && run.plan.nodes.get(node)?.node.type === 'compensate',
  );
  return first?.[0] === site.node && first[1][0]?.visit === due.visit;
}
