import { isSignOfIllness, ToolError } from '@aumos/agf-domain';
import { Context } from '@temporalio/activity';

/** A call counts once, after its retries: an attempt that will be repeated does not. */
export function countsAsFailure(error: unknown): boolean {
  const { info, cancellationSignal } = Context.current();
  if (cancellationSignal.aborted) return false;
  const foreseen = error instanceof ToolError;
  if (foreseen && !isSignOfIllness(error)) return false;
  const last = info.attempt >= (info.retryPolicy?.maximumAttempts ?? 1);
  return last || (foreseen && !error.retryable);
}
