import { CancellationScope } from '@temporalio/workflow';

/** Of this workflow: the sandbox evaluates its modules for each. */
let last: Promise<unknown> = Promise.resolve();

/**
 * The only way to run a local activity.
 *
 * One after the other: the ends of several may come to the workflow one by one, and all at once when it is replayed; what
 * each leads to is then begun in another order, and the workflow no longer fits its history.
 *
 * Never cancelled: the SDK's core fails the workflow task, again and again, when a local activity is cancelled whose end
 * it knows and the workflow does not yet.
 */
export function locally<T>(run: () => Promise<T>): Promise<T> {
  const begun = last.then(() => CancellationScope.nonCancellable(run));
  last = begun.catch(() => undefined);
  return begun;
}
