import { MAIL_ADDRESS, type JsonObject, type ToolSpec } from '@aumos/agf-domain';

export interface Attachment {
  source: string;
  name?: string;
}

export interface EmailSendArguments {
  connection?: string;
  to: string[];
  cc?: string[];
  bcc?: string[];
  reply_to?: string;
  subject: string;
  text?: string;
  html?: string;
  attachments?: Attachment[];
}

/** Of all three lists together. */
export const MOST_RECIPIENTS = 50;
/** Of all attachments together, before they are encoded. */
export const MOST_ATTACHED_BYTES = 10 * 1024 * 1024;

/** One line: what ends a header begins another. */
const LINE = '^[^\\u0000-\\u001f\\u007f]*$';
const address: JsonObject = { type: 'string', maxLength: 320, pattern: MAIL_ADDRESS.source };
const addresses: JsonObject = { type: 'array', maxItems: MOST_RECIPIENTS, uniqueItems: true, items: address };
const accepted: JsonObject = { type: 'array', items: { type: 'string' } };

export const EMAIL_SEND: ToolSpec = {
  name: 'email_send',
  version: 1,
  description:
    'Sends one message by a registered SMTP connection, from its address, with artifacts attached. Addresses are plain, as name@example.com.',
  category: 'messaging',
  input_schema: {
    type: 'object',
    properties: {
      connection: { type: 'string', minLength: 1, maxLength: 128, description: "default: the tenant's only one" },
      to: { ...addresses, minItems: 1 },
      cc: addresses,
      bcc: addresses,
      reply_to: address,
      subject: { type: 'string', minLength: 1, maxLength: 500, pattern: LINE },
      text: { type: 'string', maxLength: 1_000_000 },
      html: { type: 'string', maxLength: 1_000_000 },
      attachments: {
        type: 'array',
        maxItems: 10,
        items: {
          type: 'object',
          properties: {
            source: { type: 'string', pattern: '^artifact:[0-9a-fA-F-]{36}$' },
            name: { type: 'string', minLength: 1, maxLength: 200, pattern: LINE },
          },
          required: ['source'],
          additionalProperties: false,
        },
      },
    },
    required: ['to', 'subject'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      message_id: { type: 'string', description: 'of the visit: the same for each attempt' },
      accepted,
      rejected: { ...accepted, description: 'recipients that the server would not take' },
    },
    required: ['message_id', 'accepted', 'rejected'],
    additionalProperties: false,
  },
  min_privilege_level: 3,
  // No server promises to send a message once because it has the same Message-ID.
  idempotent: false,
  timeout_seconds: 60,
};
