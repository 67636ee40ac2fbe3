import {
  type BuiltinTool,
  type JsonObject,
  type OutgoingResponse,
  type ToolContext,
  ToolError,
} from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { httpResult, MOST_BODY_BYTES } from '../../http/http-result.js';
import { ownHeaders } from '../../http/own-headers.js';
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
  const response = await sent({ method: args.method, url: args.url, headers, body }, context);
  return httpResult(args.any_status ? response : checkedStatus(response));
}

async function sent(
  request: Parameters<ToolContext['outgoing']['request']>[0],
  { outgoing, signal }: ToolContext,
): Promise<OutgoingResponse> {
  try {
    return await outgoing.request({ ...request, maxRedirects: 0, maxBytes: MOST_BODY_BYTES, signal });
  } catch (error) {
    throw mayHaveArrived(error) ? unknownOutcome() : error;
  }
}

/** All that can go wrong after the request was sent, as far as one can know. */
const mayHaveArrived = (error: unknown): boolean =>
  error instanceof ToolError &&
  (error.code === 'RESPONSE_TOO_LARGE' ||
    (error.code === 'UPSTREAM_TIMEOUT' && error.details['reason'] !== 'connect') ||
    (error.code === 'UPSTREAM_UNREACHABLE' && error.details['reason'] === 'protocol'));

const unknownOutcome = (): ToolError =>
  new ToolError('OUTCOME_UNKNOWN', 'the request was sent, its answer is lost: whether it had its effect is unknown');
