import { type BuiltinTool, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { type HttpArguments } from '../../http/http-arguments.js';
import { httpResult } from '../../http/http-result.js';
import { ownHeaders } from '../../http/own-headers.js';
import { DEFAULT_BODY_BYTES, HTTP_GET } from './spec.js';

export const httpGet: BuiltinTool = {
  spec: HTTP_GET,
  run: (args, context) => get(args as unknown as HttpArguments & { max_bytes?: number }, context),
};

async function get(
  { url, headers, any_status, max_bytes = DEFAULT_BODY_BYTES }: HttpArguments & { max_bytes?: number },
  { outgoing, signal }: ToolContext,
): Promise<JsonObject> {
  const request = { method: 'GET', url, headers: ownHeaders(headers), maxBytes: max_bytes, signal } as const;
  const response = await outgoing.request(request);
  return httpResult(any_status ? response : checkedStatus(response));
}
