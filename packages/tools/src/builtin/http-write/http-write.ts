import { type BuiltinTool, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { httpResult, MOST_BODY_BYTES } from '../../http/http-result.js';
import { ownHeaders } from '../../http/own-headers.js';
import { sendOnce } from '../../http/send-once.js';
import { sentBody } from '../../http/sent-body.js';
import { HTTP_WRITE, type HttpWriteArguments } from './spec.js';

export const httpWrite: BuiltinTool = {
  spec: HTTP_WRITE,
  run: (args, context) => write(args as unknown as HttpWriteArguments, context),
};

async function write(args: HttpWriteArguments, context: ToolContext): Promise<JsonObject> {
  const { type, body } = sentBody(args);
  const headers = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...ownHeaders(args.headers),
    'idempotency-key': context.effect_key,
  };
  const { method, url } = args;
  const response = await sendOnce({ method, url, headers, body, maxBytes: MOST_BODY_BYTES }, context);
  return httpResult(args.any_status ? response : checkedStatus(response));
}
