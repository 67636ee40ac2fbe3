import { type Permit, type ReportedOutcome, ToolError } from '@aumos/agf-domain';
import { Context } from '@temporalio/activity';
import { toldOutcome } from './told-outcome.js';

/** As the engine names what nobody foresaw. */
const UNFORESEEN = 'INTERNAL_ERROR';

/** What an attempt that threw tells. A call counts once, after its retries: an attempt that will be repeated does not. */
export function thrownOutcome(permit: Permit, error: unknown): ReportedOutcome {
  const { info, cancellationSignal } = Context.current();
  if (cancellationSignal.aborted) return 'ignored';
  const { code, fault, retryable } = error instanceof ToolError ? error : { code: UNFORESEEN, retryable: true };
  const { maximumAttempts = 1, nonRetryableErrorTypes = [] } = info.retryPolicy ?? {};
  const again = retryable && info.attempt < maximumAttempts && !nonRetryableErrorTypes.includes(code);
  return again ? 'ignored' : toldOutcome(permit, { code, details: fault === 'caller' ? { fault } : {} });
}
