import { CallerError, type JsonObject, type OutgoingResponse, ToolError } from '@aumos/agf-domain';

/** Longer is not waited for: the node's own retries go on. */
const LONGEST_WAIT_MS = 60_000;
/** Another attempt may be answered otherwise. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** @throws ToolError `UPSTREAM_STATUS` unless it is 2xx; its text has nothing of the answer */
export function checkedStatus(response: OutgoingResponse): OutgoingResponse {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return response;
  const wait = retryAfterMs(headers.get('retry-after'));
  const details: JsonObject = { status, ...(wait === null ? {} : { retry_after_ms: wait }) };
  const message = `the answer has the status ${String(status)}`;
  if (status >= 500 || PASSING.has(status)) throw new ToolError('UPSTREAM_STATUS', message, true, details);
  throw new CallerError('UPSTREAM_STATUS', message, details);
}

/** Seconds, or a date. Source: RFC 9110, 10.2.3. */
function retryAfterMs(given: string | undefined): number | null {
  if (!given) return null;
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_WAIT_MS) : null;
}
