import type { CompensateNode } from '@aumos/agf-domain/runtime';
import type { Ran, Visit } from './visit.js';

/** Undoes what was done in the steps before; at the execution's end it is not due any more. */
export async function runCompensate({ run, view }: Visit<CompensateNode>): Promise<Ran> {
  const { compensated, failed } = await run.compensations.undo(view, view.book.step);
  // What is shielded does not notice.
  if (run.scope.consideredCancelled) run.end({ kind: 'cancelled' });
  return { result: { compensated, failed }, recorded: false };
}
