import {
  compileValue,
  ExpressionError,
  type HttpTarget,
  type HttpToolDefinition,
  type Json,
  type JsonObject,
  type OutgoingRequest,
  type OutgoingResponse,
  RESULT_SCOPE,
  type ToolContext,
  ToolError,
} from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { httpResult, MOST_BODY_BYTES } from '../../http/http-result.js';
import { sendOnce } from '../../http/send-once.js';
import { openedHeaders } from '../opened-headers.js';
import { redactionOf } from '../redaction.js';
import { type MadeRequest, requestMaker } from './http-request.js';

/** Of an answer that a mapping makes something smaller of. */
const MOST_MAPPED_BYTES = 2 * 1024 * 1024;

/** Compiles what sends a target's request and makes a result of the answer, with the tenant's secrets on its way only. */
export function callHttp(
  target: Pick<HttpToolDefinition, 'http' | 'idempotent'>,
): (args: JsonObject, context: ToolContext) => Promise<Json> {
  const make = requestMaker(target.http);
  const map = resultMapper(target.http);
  return async (args, context) => {
    const made = make(args);
    const secrets = await openedHeaders(made, context.secrets);
    const response = await send(target, { ...made, headers: { ...made.headers, ...secrets } }, context);
    const { bytes, value } = redactionOf(Object.values(secrets));
    const answer = value(httpResult({ ...response, body: bytes(response.body) }));
    return map(args, answer);
  };
}

async function send(
  { http, idempotent }: Pick<HttpToolDefinition, 'http' | 'idempotent'>,
  { url, headers, secrets, body }: MadeRequest,
  context: ToolContext,
): Promise<OutgoingResponse> {
  const { method, any_status, result } = http;
  const maxBytes = result === undefined ? MOST_BODY_BYTES : MOST_MAPPED_BYTES;
  const secretHeaders = Object.keys(secrets);
  const reads: OutgoingRequest = { method, url, headers, secretHeaders, maxBytes, signal: context.signal };
  const response = method === 'GET' ? await context.outgoing.request(reads) : await write();
  return any_status ? response : checkedStatus(response);

  async function write(): Promise<OutgoingResponse> {
    const request = { ...reads, headers: { ...headers, 'idempotency-key': context.effect_key }, body };
    return idempotent ? context.outgoing.request({ ...request, maxRedirects: 0 }) : sendOnce(request, context);
  }
}

/** @returns throws ToolError `INVALID_RESULT` */
function resultMapper({ result }: HttpTarget): (args: JsonObject, response: Json) => Json {
  if (result === undefined) return (_, response) => response;
  const compiled = compileValue(result, { variables: RESULT_SCOPE });
  return (args, response) => {
    try {
      return compiled.evaluate({ arguments: args, response });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new ToolError('INVALID_RESULT', `no result can be made of the answer: ${error.message}`);
    }
  };
}
