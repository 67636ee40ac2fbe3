import { type OutgoingClient, ToolError } from '@aumos/agf-domain';
import { retryAfter } from './backoff.js';
import type { Outcome } from './outcome.js';

const TIMEOUT_MS = 15_000;

/** One POST of JSON. What is answered beside the status is not read; a redirect is no delivery. */
export async function post(
  client: OutgoingClient,
  request: { url: string; headers: Record<string, string>; body: string },
  now: () => number = Date.now,
): Promise<Outcome> {
  try {
    const { status, headers } = await client.request({
      method: 'POST',
      url: request.url,
      headers: { 'content-type': 'application/json', 'user-agent': 'agf-hitl-approval', ...request.headers },
      body: request.body,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
      enough: () => true,
    });
    return outcomeOf(status, retryAfter(headers.get('retry-after'), now()));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { kind: error.retryable ? 'failed' : 'refused', status: null, error: error.code };
  }
}

function outcomeOf(status: number, asked: number | null): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const error = `HTTP_${String(status)}`;
  return status === 410 ? { kind: 'gone', status, error } : { kind: 'failed', status, error, asked };
}
