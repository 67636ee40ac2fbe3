import { type ToolSpec } from '@aumos/agf-domain';
import { ANY_STATUS_ARGUMENT, HEADERS_ARGUMENT, URL_ARGUMENT } from '../../http/http-arguments.js';
import { HTTP_RESULT, MOST_BODY_BYTES } from '../../http/http-result.js';

export const DEFAULT_BODY_BYTES = 128 * 1024;

export const HTTP_GET: ToolSpec = {
  name: 'http_get',
  version: 1,
  description:
    'Gets what is at a URL: JSON as a value, text as it is, anything else in base64. Redirects are followed.',
  category: 'http',
  input_schema: {
    type: 'object',
    properties: {
      url: URL_ARGUMENT,
      headers: HEADERS_ARGUMENT,
      any_status: ANY_STATUS_ARGUMENT,
      max_bytes: {
        type: 'integer',
        minimum: 1,
        maximum: MOST_BODY_BYTES,
        description: `of the body, default ${String(DEFAULT_BODY_BYTES)}; more is RESPONSE_TOO_LARGE`,
      },
    },
    required: ['url'],
    additionalProperties: false,
  },
  output_schema: HTTP_RESULT,
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
};
