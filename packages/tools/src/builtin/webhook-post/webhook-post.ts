import { type BuiltinTool, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { WEBHOOK_POST, type WebhookPostArguments } from './spec.js';

/** Of what the receiver answers, which nobody reads. */
const MOST_BYTES = 65_536;

export const webhookPost: BuiltinTool = {
  spec: WEBHOOK_POST,
  run: (args, context) => post(args as unknown as WebhookPostArguments, context),
};

/** Not yet signed. Source of the headers: Standard Webhooks 1.0, "Webhook metadata". */
async function post({ url, payload }: WebhookPostArguments, context: ToolContext): Promise<JsonObject> {
  const { effect_key, outgoing, signal } = context;
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': effect_key,
    'webhook-id': effect_key,
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
  };
  const body = JSON.stringify(payload);
  const request = { method: 'POST', url, headers, body, maxRedirects: 0, maxBytes: MOST_BYTES, signal } as const;
  const { status } = checkedStatus(await outgoing.request(request));
  return { status, webhook_id: effect_key };
}
