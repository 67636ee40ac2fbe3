import { createHmac, randomBytes } from 'node:crypto';

/** Bytes of a secret: the specification asks for 24 to 64. */
const BYTES = 32;
const PREFIX = 'whsec_';

export const newWebhookSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64');

/**
 * Headers that sign a body, by each of the secrets: receivers know it by any of them, so that they may go over from
 * one to the next. Source: Standard Webhooks, "Webhook metadata", "Signature scheme".
 * @param id the same for each attempt
 */
export function signatureHeaders(
  { id, body, at }: { id: string; body: string; at: Date },
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
