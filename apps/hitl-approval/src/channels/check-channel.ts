import {
  type ChannelKind,
  type ChannelSettings,
  type FieldError,
  invalidRequest,
  type JsonObject,
  MAIL_ADDRESS,
} from '@aumos/agf-domain';

const MOST_RECIPIENTS = 50;
const LONGEST_URL = 2_000;
const MEMBERS: Record<ChannelKind, readonly string[]> = {
  webhook: ['url'],
  slack: ['url'],
  email: ['to', 'sender_name', 'reply_to'],
};

export interface CheckedChannel {
  settings: ChannelSettings;
  /** of Slack: what is sealed; absent: as it was */
  secret_url?: string;
}

/** @param known of a channel that is replaced: its settings @throws ApiError VALIDATION_ERROR */
export function checkChannel(kind: ChannelKind, given: JsonObject, known?: ChannelSettings): CheckedChannel {
  const fields: FieldError[] = Object.keys(given)
    .filter((name) => !MEMBERS[kind].includes(name))
    .map((name) => ({ field: `settings.${name}`, error: `is not known of a channel of kind ${kind}` }));
  const checked = kind === 'email' ? checkEmail(given, fields) : checkUrl(kind, given, fields, known);
  if (fields.length > 0) throw invalidRequest(fields);
  return checked;
}

function checkUrl(
  kind: 'webhook' | 'slack',
  { url }: JsonObject,
  fields: FieldError[],
  known: ChannelSettings | undefined,
): CheckedChannel {
  if (kind === 'slack' && url === undefined && known?.host !== undefined) return { settings: { host: known.host } };
  const parsed = parsedUrl(url);
  if (parsed === null) {
    fields.push({ field: 'settings.url', error: 'must be an absolute http or https URL without credentials' });
    return { settings: {} };
  }
  return kind === 'webhook'
    ? { settings: { url: parsed.href } }
    : { settings: { host: parsed.host }, secret_url: parsed.href };
}

function parsedUrl(url: unknown): URL | null {
  if (typeof url !== 'string' || url.length > LONGEST_URL || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  const isWeb = parsed.protocol === 'http:' || parsed.protocol === 'https:';
  return isWeb && parsed.username === '' && parsed.password === '' && parsed.hash === '' ? parsed : null;
}

function checkEmail({ to, sender_name, reply_to }: JsonObject, fields: FieldError[]): CheckedChannel {
  if (!Array.isArray(to) || to.length === 0 || to.length > MOST_RECIPIENTS || !to.every(isAddress))
    fields.push({
      field: 'settings.to',
      error: `must be 1 to ${String(MOST_RECIPIENTS)} addresses, as name@example.com`,
    });
  if (sender_name !== undefined && !isLine(sender_name))
    fields.push({ field: 'settings.sender_name', error: 'must be a line of 1 to 100 characters' });
  if (reply_to !== undefined && !isAddress(reply_to))
    fields.push({ field: 'settings.reply_to', error: 'must be an address, as name@example.com' });
  return {
    settings: {
      to: Array.isArray(to) ? [...new Set(to as string[])] : [],
      ...(sender_name === undefined ? {} : { sender_name: sender_name as string }),
      ...(reply_to === undefined ? {} : { reply_to: reply_to as string }),
    },
  };
}

const isAddress = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 320 && MAIL_ADDRESS.test(value);
// eslint-disable-next-line no-control-regex
const isLine = (value: unknown): boolean => typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,100}$/.test(value);
