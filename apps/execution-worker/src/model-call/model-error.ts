import { CallerError, type JsonObject, ToolError } from '@aumos/agf-domain';
import { MODEL_UNAVAILABLE } from '@aumos/agf-engine/common';
import OpenAI from 'openai';

/** Longer is not waited for: the node's own retries go on. */
const LONGEST_WAIT_MS = 60_000;

/**
 * What the endpoint's failure is to the execution. Its texts stay here: they may quote the key, or what another tenant
 * asked for.
 */
export function modelError(error: unknown): unknown {
  if (error instanceof OpenAI.APIConnectionError)
    return new ToolError('UPSTREAM_UNREACHABLE', 'the endpoint of models cannot be reached', true);
  if (error instanceof OpenAI.APIError) return byStatus(error as Refused);
  if ((error as { name?: unknown } | undefined)?.name === 'SyntaxError')
    return new ToolError('MODEL_ERROR', 'the endpoint answered what cannot be read', true);
  return error;
}

interface Refused {
  status: number | undefined;
  headers: Headers | undefined;
  code: unknown;
}

function byStatus({ status = 500, headers, code }: Refused): ToolError {
  const details: JsonObject = { status, ...(typeof code === 'string' ? { code: code.slice(0, 100) } : {}) };
  if (status === 401 || status === 403)
    return new ToolError(MODEL_UNAVAILABLE, 'the endpoint of models does not accept this service', false, details);
  if (status === 404) return new ToolError(MODEL_UNAVAILABLE, 'the endpoint has no such model', false, details);
  if (status === 429) {
    const wait = retryAfterMs(headers);
    const text = 'the endpoint of models takes no more for now';
    return new ToolError('MODEL_BUSY', text, true, wait === null ? details : { ...details, retry_after_ms: wait });
  }
  if (status === 408 || status === 409 || status >= 500)
    return new ToolError('MODEL_ERROR', 'the endpoint of models failed', true, details);
  return new CallerError('MODEL_REJECTED', 'the endpoint does not take this conversation', details);
}

/** Seconds, or a date. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const given = headers?.get('retry-after');
  if (!given) return null;
  const ms = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms)), LONGEST_WAIT_MS) : null;
}
