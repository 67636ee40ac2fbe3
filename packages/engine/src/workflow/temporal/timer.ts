import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

export function timer(ms: number, fire: () => void): () => void {
  const scope = new CancellationScope();
  scope
    .run(() => sleep(ms))
    .then(fire, (error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  return () => {
    scope.cancel();
  };
}
