import { CancellationScope, type ChildWorkflowHandle, type Workflow } from '@temporalio/workflow';

/**
 * Starts a child that is cancelled with the scope around it, once it has started. Temporal does not find a child to cancel
 * between its start's command and its start: asked for then, the cancellation is lost, and whoever waits for the child's
 * end waits for ever.
 */
export async function cancelledOnceStarted<T extends Workflow>(
  start: () => Promise<ChildWorkflowHandle<T>>,
): Promise<ChildWorkflowHandle<T>> {
  const around = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    const own = new CancellationScope();
    const child = await own.run(start);
    around.cancelRequested.catch(() => {
      // A scope that shields is told of it, too.
      if (around.consideredCancelled) own.cancel();
    });
    return child;
  });
}
