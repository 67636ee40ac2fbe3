import type { JsonObject } from '../json/json.js';
import type { PrivilegeLevel } from '../privilege/privilege-level.js';
import type { Notice, NoticeKind } from './notice.js';

/** How people are told: a signed webhook, e-mail, or an incoming webhook as Slack has them. */
export const CHANNEL_KINDS = ['webhook', 'email', 'slack'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Who or what took a channel out of use: somebody did, or its receiver said that it is gone for good. */
export const CHANNEL_DISABLED_BY = ['admin', 'gone'] as const;
export type ChannelDisabledBy = (typeof CHANNEL_DISABLED_BY)[number];

/** What of a channel may be shown; by its kind it has the one or the other. */
export interface ChannelSettings {
  /** of a webhook */
  url?: string;
  /** of e-mail: to whom */
  to?: string[];
  /** of e-mail: the name beside the sender's address */
  sender_name?: string;
  /** of e-mail */
  reply_to?: string;
  /** of Slack: its address is a secret, this is all of it that is shown */
  host?: string;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** `test` is what somebody sends to see that a channel works. */
export type MessageKind = NoticeKind | 'test';

/** One attempt to deliver. */
export interface DeliveryAttempt {
  /** RFC 3339 */
  at: string;
  /** of the answer: HTTP's or SMTP's; null: there was none */
  status: number | null;
  /** null: it was taken */
  error: string | null;
  ms: number;
}

/** What a channel is told: the body of a webhook, and what templates may name. The same for each attempt. */
export interface ChannelMessage {
  /** `approval.<kind of notice>`, or `test` */
  type: string;
  /** when it happened, RFC 3339 */
  timestamp: string;
  data: MessageData;
}

/** Of the call's arguments there is nothing here: they are shown to whoever may see the approval. */
export interface MessageData extends JsonObject {
  approval_id: string | null;
  execution_id: string | null;
  workflow_id: string | null;
  workflow_name: string | null;
  node: string | null;
  gate_name: string | null;
  tool: string | null;
  action_description: string;
  privilege_level: PrivilegeLevel | null;
  approvals_required: number | null;
  payload_hash: string | null;
  status: string;
  requested_by: string | null;
  decided_by: string | null;
  decision_notes: string | null;
  expires_at: string | null;
  to_subs: string[];
  to_roles: string[];
}

export const messageType = (kind: MessageKind): string => (kind === 'test' ? 'test' : `approval.${kind}`);

/** What asks somebody to decide: only these carry a link. */
const ASKING: ReadonlySet<MessageKind> = new Set(['requested', 'reminder', 'escalated', 'stage_reached', 'delegated']);
export const asksToDecide = (kind: MessageKind): boolean => ASKING.has(kind);

/** Whether a channel is told of a notice. */
export function isForChannel(
  notice: Pick<Notice, 'kind'>,
  approval: { privilege_level: PrivilegeLevel; workflow_name: string | null },
  channel: { enabled: boolean; notices: NoticeKind[]; min_privilege_level: PrivilegeLevel; workflows: string[] },
): boolean {
  return (
    channel.enabled &&
    (channel.notices.length === 0 || channel.notices.includes(notice.kind)) &&
    approval.privilege_level >= channel.min_privilege_level &&
    (channel.workflows.length === 0 || channel.workflows.includes(approval.workflow_name ?? ''))
  );
}
