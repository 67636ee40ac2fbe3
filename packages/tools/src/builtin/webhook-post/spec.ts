import { type Json, type ToolSpec } from '@aumos/agf-domain';
import { URL_ARGUMENT } from '../../http/http-arguments.js';

export interface WebhookPostArguments {
  url: string;
  payload: { [key: string]: Json };
}

export const WEBHOOK_POST: ToolSpec = {
  name: 'webhook_post',
  version: 1,
  description:
    'Posts a payload to a webhook, with the headers of Standard Webhooks: each attempt of a visit has the same webhook-id. Any 2xx is a success.',
  category: 'http',
  input_schema: {
    type: 'object',
    properties: { url: URL_ARGUMENT, payload: { type: 'object' } },
    required: ['url', 'payload'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: { status: { type: 'integer' }, webhook_id: { type: 'string' } },
    required: ['status', 'webhook_id'],
    additionalProperties: false,
  },
  min_privilege_level: 2,
  // Who takes webhooks knows them by their id.
  idempotent: true,
  timeout_seconds: 30,
};
