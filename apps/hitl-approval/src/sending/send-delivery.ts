import { type ChannelMessage, type DeliveryAttempt, type JsonObject, type OutgoingClient } from '@aumos/agf-domain';
import { TenantOutgoing } from '@aumos/agf-outgoing';
import {
  AuditRepository,
  type ChannelEntity,
  ChannelsRepository,
  ChannelTemplatesRepository,
  DecisionLinksRepository,
  DeliveriesRepository,
  type DeliveryEntity,
  type DueDelivery,
  TenantDb,
} from '@aumos/agf-persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ChannelSecrets } from '../channels/channel-secrets.js';
import { LinkUrls } from '../links/link-urls.js';
import { DEFAULT_WORDS, type Words } from '../templates/defaults.js';
import { type Escape, escapePlain, escapeSlack, render, templateView } from '../templates/render.js';
import { nextAttempt, type Pace } from './backoff.js';
import type { Outcome } from './outcome.js';
import { post } from './post.js';
import { type MailServerAt, sendMail } from './send-mail.js';
import { SENDING_PACE, MAIL_SERVER } from './settings.js';
import { signatureHeaders } from './standard-webhooks.js';

const LONGEST_SUBJECT = 250;

/** What one attempt needs, read before it: no scope is held while it is under way. */
interface Prepared {
  delivery: DeliveryEntity;
  channel: ChannelEntity;
  link: string | null;
  words: Words;
  /** of a webhook */
  secrets: string[];
  /** of Slack */
  url: string | null;
}

/** One attempt to deliver, and what becomes of the delivery by it. */
@Injectable()
export class SendDelivery {
  private readonly log = new Logger(SendDelivery.name);

  constructor(
    private readonly db: TenantDb,
    private readonly deliveries: DeliveriesRepository,
    private readonly channels: ChannelsRepository,
    private readonly templates: ChannelTemplatesRepository,
    private readonly links: DecisionLinksRepository,
    private readonly secrets: ChannelSecrets,
    private readonly urls: LinkUrls,
    private readonly audit: AuditRepository,
    private readonly outgoing: TenantOutgoing,
    @Inject(MAIL_SERVER) private readonly mail: MailServerAt | null,
    @Inject(SENDING_PACE) private readonly pace: Pace,
  ) {}

  async run(due: DueDelivery): Promise<void> {
    const prepared = await this.db.run(due.tenant_id, () => this.prepare(due));
    if (!prepared) return;
    const at = new Date();
    const outcome = await this.attempt(prepared, at);
    const attempt = { at: at.toISOString(), status: outcome.status, error: outcome.error ?? null, ms: 0 };
    attempt.ms = Math.max(0, Date.now() - at.getTime());
    await this.db.run(due.tenant_id, () => this.settle(due, prepared, outcome, attempt));
    const { delivery, channel } = prepared;
    const fields = { delivery_id: delivery.id, channel_id: channel.id, approval_id: delivery.approval_id };
    if (outcome.kind === 'delivered') this.log.log({ msg: 'notice delivered', ...fields });
    else this.log.warn({ msg: 'notice not delivered', ...fields, error: outcome.error });
  }

  private async prepare({ id, claims }: DueDelivery): Promise<Prepared | null> {
    const delivery = await this.deliveries.get(id);
    // Somebody else has it since, or has removed it.
    if (delivery?.status !== 'pending' || delivery.claims !== claims) return null;
    const channel = await this.channels.get(delivery.channel_id);
    if (!channel) return null;
    const link = await this.links.get(id);
    return {
      delivery,
      channel,
      link: link && this.urls.ofNotice(link, link.approval_id),
      words: (await this.templates.get(delivery.kind)) ?? DEFAULT_WORDS[delivery.kind],
      secrets: channel.kind === 'webhook' ? await this.secrets.webhook(channel.id) : [],
      url: channel.kind === 'slack' ? await this.secrets.url(channel.id) : null,
    };
  }

  private async attempt(prepared: Prepared, at: Date): Promise<Outcome> {
    const { channel, delivery, link, words } = prepared;
    if (!channel.enabled) return { kind: 'refused', status: null, error: 'CHANNEL_DISABLED' };
    const client = this.outgoing.of(channel.tenant_id);
    const said = (escape: Escape): Words => wordsOf(words, delivery.message, link, escape);
    switch (channel.kind) {
      case 'webhook':
        return postWebhook(client, prepared, at);
      case 'slack': {
        const { subject, body } = said(escapeSlack);
        return post(client, { url: prepared.url!, headers: {}, body: JSON.stringify({ text: `${subject}\n${body}` }) });
      }
      case 'email': {
        if (!this.mail) return { kind: 'failed', status: null, error: 'NO_MAIL_SERVER' };
        const { subject, body } = said(escapePlain);
        const { tenant_id, settings } = channel;
        return sendMail(this.mail, { tenant_id, id: delivery.id, settings, subject, text: body });
      }
    }
  }

  private async settle(
    due: DueDelivery,
    { delivery, channel }: Prepared,
    outcome: Outcome,
    attempt: DeliveryAttempt,
  ): Promise<void> {
    if (outcome.kind === 'delivered') return void (await this.deliveries.delivered(due, attempt));
    const asked = outcome.kind === 'failed' ? (outcome.asked ?? null) : null;
    const seconds = outcome.kind === 'failed' ? nextAttempt(this.pace, delivery.failures + 1, { asked }) : null;
    if (seconds !== null) return void (await this.deliveries.failed(due, attempt, seconds));
    const mine = await this.deliveries.dead(due, attempt);
    if (mine && outcome.kind === 'gone') await this.close(channel, delivery.id);
  }

  private async close(channel: ChannelEntity, deliveryId: string): Promise<void> {
    if (!(await this.channels.disable(channel.id, 'gone'))) return;
    await this.audit.append({
      actor_id: 'system',
      action: 'hitl_channel.disable',
      resource_type: 'hitl_channel',
      resource_id: channel.id,
      outcome: 'allowed',
      details: { name: channel.name, reason: 'gone', delivery_id: deliveryId },
    });
  }
}

function postWebhook(client: OutgoingClient, prepared: Prepared, at: Date): Promise<Outcome> {
  const { channel, delivery, link, secrets } = prepared;
  const { type, timestamp, data } = delivery.message;
  const body = JSON.stringify({ type, timestamp, data: { ...data, link } satisfies JsonObject });
  const headers = signatureHeaders({ id: `msg_${delivery.id}`, body, at }, secrets);
  return post(client, { url: channel.settings.url ?? '', headers, body });
}

function wordsOf(words: Words, { data }: ChannelMessage, link: string | null, escape: Escape): Words {
  const view = templateView(data, link);
  const subject = render(words.subject, view, escape).replace(/\s+/g, ' ').trim();
  return { subject: Array.from(subject).slice(0, LONGEST_SUBJECT).join(''), body: render(words.body, view, escape) };
}
