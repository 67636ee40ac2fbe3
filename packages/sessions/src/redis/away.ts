import { ApiError } from '@aumos/agf-domain';
import { within } from '@aumos/agf-resilience/redis';

/** What a Redis says that cannot serve now; any other error of a command is a mistake in it, or in a user's rights. */
const CANNOT_NOW = /^(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|READONLY|TRYAGAIN|UNKILLABLE)\b/;
const RETRY_AFTER_SECONDS = 1;

/**
 * Sessions fail closed: without Redis there is no memory, and nothing stands in for it.
 * @throws ApiError SERVICE_UNAVAILABLE when there is no answer within `ms`; whether a change was made is then not known
 */
export async function orAway<T>(ms: number, command: Promise<T>): Promise<T> {
  try {
    return await within(ms, command);
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ReplyError' && !CANNOT_NOW.test(cause.message)) throw cause;
    const details = { retry_after_seconds: RETRY_AFTER_SECONDS };
    throw Object.assign(new ApiError('SERVICE_UNAVAILABLE', 'Sessions cannot be reached.', details), { cause });
  }
}
