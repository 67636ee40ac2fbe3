import { type Json, type ToolSpec } from '@aumos/agf-domain';
import { ANY_STATUS_ARGUMENT, HEADERS_ARGUMENT, type HttpArguments, URL_ARGUMENT } from '../../http/http-arguments.js';
import { HTTP_RESULT } from '../../http/http-result.js';
import { BODY_ARGUMENTS, type BodyArguments } from '../../http/sent-body.js';

export const WRITE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface HttpWriteArguments extends HttpArguments, BodyArguments {
  method: (typeof WRITE_METHODS)[number];
  json?: Json;
}

export const HTTP_WRITE: ToolSpec = {
  name: 'http_write',
  version: 1,
  description:
    "Sends a POST, PUT, PATCH or DELETE to a URL, with the visit's Idempotency-Key. Redirects are not followed: what was approved goes where it was approved for.",
  category: 'http',
  input_schema: {
    type: 'object',
    properties: {
      method: { enum: [...WRITE_METHODS] },
      url: URL_ARGUMENT,
      headers: HEADERS_ARGUMENT,
      ...BODY_ARGUMENTS,
      any_status: ANY_STATUS_ARGUMENT,
    },
    required: ['method', 'url'],
    additionalProperties: false,
  },
  output_schema: HTTP_RESULT,
  min_privilege_level: 3,
  // Whether a server knows the Idempotency-Key is its own matter.
  idempotent: false,
  timeout_seconds: 60,
};
