import { type OutgoingClient, type OutgoingRequest, type OutgoingResponse, type ToolContext } from '@aumos/agf-domain';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { checkedStatus } from '../../http/checked-status.js';
import { sendOnce } from '../../http/send-once.js';
import { type Redaction } from '../redaction.js';
import { answerFinder } from './answer-of.js';
import { noAnswer } from './mcp-error.js';

export interface Exchange extends Pick<ToolContext, 'outgoing' | 'signal'> {
  /** the registrar's, secrets opened */
  headers: Readonly<Record<string, string>>;
  secretHeaders: readonly string[];
  redaction: Redaction;
  /** of `tools/call`; absent: there is none */
  call?: { idempotent: boolean; effect_key: string };
}

/** Of one answer. */
const MOST_BYTES = 2 * 1024 * 1024;
/** The end of a session is told to the server, and not waited for. */
const GOODBYE_MS = 2_000;

/**
 * The protocol's requests, by the guarded client: no redirect is followed, no stream is kept open, and an answer ends with
 * the message that was asked for. @throws ToolError
 */
export function guardedFetch(exchange: Exchange): FetchLike {
  return async (url, init = {}) => {
    const { method } = init;
    // Nothing is listened to beside the answers.
    if (method !== 'POST' && method !== 'DELETE') return new Response(null, { status: 405 });
    const request = requestOf(exchange, String(url), init);
    if (method === 'DELETE')
      return responseOf(await exchange.outgoing.request({ ...request, timeoutMs: GOODBYE_MS }), null);
    const message = JSON.parse(request.body as string) as { id?: string | number; method?: string };
    if (message.id === undefined) return responseOf(checkedStatus(await exchange.outgoing.request(request)), null);
    const finder = answerFinder(message.id);
    let text: string | null = null;
    const asking: OutgoingClient = {
      addresses: (host, signal) => exchange.outgoing.addresses(host, signal),
      async request(given) {
        const response = checkedStatus(await exchange.outgoing.request({ ...given, enough: finder.take }));
        text = finder.of(response.body);
        if (text === null) throw noAnswer();
        return response;
      },
    };
    const isCall = message.method === 'tools/call';
    const response =
      isCall && exchange.call?.idempotent === false
        ? await sendOnce(withKey(request, exchange), { outgoing: asking, signal: exchange.signal })
        : await asking.request(isCall ? withKey(request, exchange) : request);
    return responseOf(response, text === null ? null : exchange.redaction.bytes(Buffer.from(text)));
  };
}

function requestOf({ headers, secretHeaders, signal }: Exchange, url: string, init: RequestInit): OutgoingRequest {
  const own = Object.fromEntries(new Headers(init.headers));
  return {
    method: init.method as 'POST' | 'DELETE',
    url,
    headers: { ...headers, ...own },
    secretHeaders,
    ...(typeof init.body === 'string' ? { body: init.body } : {}),
    signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal,
    maxBytes: MOST_BYTES,
    maxRedirects: 0,
  };
}

const withKey = (request: OutgoingRequest, { call }: Exchange): OutgoingRequest =>
  call ? { ...request, headers: { ...request.headers, 'idempotency-key': call.effect_key } } : request;

/** Of the headers the session's alone, and what the body is: the message, whatever it came in. */
function responseOf({ status, headers }: OutgoingResponse, body: Uint8Array | null): Response {
  const session = headers.get('mcp-session-id');
  return new Response(body === null ? null : Buffer.from(body), {
    status,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    },
  });
}
