import { type Json, type JsonObject, type OutgoingResponse } from '@aumos/agf-domain';
import { mediaType, textOf } from './decoded-text.js';

/** Of an answer's body. */
export const MOST_BODY_BYTES = 2 * 1024 * 1024;

/** What a workflow may decide by. Not `set-cookie`, and nothing else that may be secret. */
const SHOWN = [
  ...['content-type', 'content-language', 'content-disposition', 'etag', 'last-modified', 'date', 'expires', 'age'],
  ...['cache-control', 'location', 'link', 'retry-after', 'allow', 'x-request-id', 'x-total-count'],
];

const TEXT = /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml|yaml|javascript|x-www-form-urlencoded|x-ndjson))$/;

export const HTTP_RESULT: JsonObject = {
  type: 'object',
  properties: {
    status: { type: 'integer' },
    url: { type: 'string', description: 'who answered in the end, after redirects' },
    redirects: { type: 'integer', minimum: 0 },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    json: { description: 'of an answer that is JSON; else null' },
    body: { type: ['string', 'null'], description: 'of an answer that is no JSON' },
    encoding: { enum: ['text', 'base64'], description: 'of the body' },
  },
  required: ['status', 'url', 'redirects', 'headers', 'json', 'body', 'encoding'],
  additionalProperties: false,
};

export function httpResult(response: OutgoingResponse): JsonObject {
  const { status, url, redirects, headers, body } = response;
  const shown = SHOWN.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)]] : []));
  return { status, url, redirects, headers: Object.fromEntries(shown) as JsonObject, ...contentOf(response, body) };
}

function contentOf(
  response: OutgoingResponse,
  body: Uint8Array,
): { json: Json; body: string | null; encoding: string } {
  const type = mediaType(response.headers.get('content-type'));
  if (type !== '' && !TEXT.test(type))
    return { json: null, body: Buffer.from(body).toString('base64'), encoding: 'base64' };
  const text = textOf(response);
  const json = /[/+]json$/.test(type) ? parsed(text) : undefined;
  return { json: json ?? null, body: json === undefined ? text : null, encoding: 'text' };
}

/** Undefined: it only says that it is JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
