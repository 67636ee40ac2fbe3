import {
  type BuiltinTool,
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
  toolSpecOf,
} from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { httpResult, MOST_BODY_BYTES } from '../../http/http-result.js';
import { sendOnce } from '../../http/send-once.js';
import { openedHeaders } from '../opened-headers.js';
import { redactionOf } from '../redaction.js';
import { type MadeRequest, requestMaker } from './http-request.js';

/** Of an answer that a mapping makes something smaller of. */
const MOST_MAPPED_BYTES = 2 * 1024 * 1024;

/** A tenant's tool of kind `http`, as any tool is run. */
export function httpTool(tool: HttpToolDefinition & { version: number }): BuiltinTool {
  const { http, idempotent } = tool;
  const make = requestMaker(http);
  const map = resultMapper(http);
  return {
    spec: toolSpecOf(tool),
    async run(args, context) {
      const made = make(args);
      const secrets = await openedHeaders(made, context.secrets);
      const response = await send({ http, idempotent }, { ...made, headers: { ...made.headers, ...secrets } }, context);
      const { bytes, value } = redactionOf(Object.values(secrets));
      const answer = value(httpResult({ ...response, body: bytes(response.body) }));
      return map(args, answer);
    },
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
