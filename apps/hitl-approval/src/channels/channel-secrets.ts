import { channelSecret, SecretsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { newWebhookSecret } from '../sending/standard-webhooks.js';

/** How long the secret before is good after a rotation. */
const OVERLAP_MS = 24 * 3_600_000;

interface WebhookSecrets {
  /** newest first; `until`: RFC 3339, null while it is the newest */
  secrets: { secret: string; until: string | null }[];
}

/** What is secret of channels, sealed as all secrets of tenants are. Every method needs an open tenant scope. */
@Injectable()
export class ChannelSecrets {
  constructor(private readonly secrets: SecretsRepository) {}

  /** @returns the secret: nobody is told it again */
  async makeWebhook(channelId: string): Promise<string> {
    const secret = newWebhookSecret();
    await this.put(channelId, { secrets: [{ secret, until: null }] });
    return secret;
  }

  /** The newest stays good beside the new one for a day; what was before that is not good any more. */
  async rotateWebhook(channelId: string): Promise<{ secret: string; previous_until: string }> {
    const [newest] = (await this.open<WebhookSecrets>(channelId)).secrets;
    const secret = newWebhookSecret();
    const until = new Date(Date.now() + OVERLAP_MS).toISOString();
    await this.put(channelId, { secrets: [{ secret, until: null }, ...(newest ? [{ ...newest, until }] : [])] });
    return { secret, previous_until: until };
  }

  /** Those that sign now, newest first. */
  async webhook(channelId: string): Promise<string[]> {
    const { secrets } = await this.open<WebhookSecrets>(channelId);
    return secrets.filter(({ until }) => until === null || Date.parse(until) > Date.now()).map(({ secret }) => secret);
  }

  async putUrl(channelId: string, url: string): Promise<void> {
    await this.put(channelId, { url });
  }

  async url(channelId: string): Promise<string> {
    return (await this.open<{ url: string }>(channelId)).url;
  }

  async remove(channelId: string): Promise<void> {
    await this.secrets.remove(channelSecret(channelId));
  }

  private async put(channelId: string, value: object): Promise<void> {
    await this.secrets.put(channelSecret(channelId), JSON.stringify(value));
  }

  private async open<T>(channelId: string): Promise<T> {
    const text = await this.secrets.open(channelSecret(channelId));
    if (text === null) throw new Error(`the channel ${channelId} has lost its secret`);
    return JSON.parse(text) as T;
  }
}
