import { randomUUID } from 'node:crypto';
import { type Actor, ApiError, type ChannelSettings, invalidField, type JsonObject } from '@aumos/agf-domain';
import {
  AuditRepository,
  type ChannelChange,
  type ChannelEntity,
  ChannelsRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';
import type { CreateChannelDto, ReplaceChannelDto } from './channel.dto.js';
import { ChannelSecrets } from './channel-secrets.js';
import { channelView, type ChannelView, type CreatedChannelView, type RotatedSecretView } from './channel.view.js';
import { checkChannel } from './check-channel.js';

/** Channels that one tenant may have: each notice goes to each. */
const MOST_CHANNELS = 50;

type Who = Pick<Actor, 'tenant_id' | 'sub'>;

/** How the tenant's people are told, as its admins change it; each change is in the audit. */
@Injectable()
export class WriteChannels {
  constructor(
    private readonly db: TenantDb,
    private readonly channels: ChannelsRepository,
    private readonly secrets: ChannelSecrets,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly settings: Pick<ApprovalSettings, 'mailServerUrl'>,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, CONFLICT when the tenant has the name, QUOTA_EXCEEDED */
  async create(actor: Who, { kind, ...given }: CreateChannelDto): Promise<CreatedChannelView> {
    const { settings, secret_url } = checkChannel(kind, given.settings);
    if (kind === 'email' && this.settings.mailServerUrl === undefined)
      throw invalidField('kind', 'the platform has no mail server');
    return this.db.run(actor.tenant_id, async () => {
      const id = randomUUID();
      if ((await this.channels.count()) >= MOST_CHANNELS)
        throw new ApiError('QUOTA_EXCEEDED', 'The tenant has as many channels as it may have.', {
          limit: MOST_CHANNELS,
        });
      if (!(await this.channels.create({ id, kind, ...changeOf(actor, given, settings) }))) throw taken(given.name);
      const secret = kind === 'webhook' ? await this.secrets.makeWebhook(id) : null;
      if (secret_url !== undefined) await this.secrets.putUrl(id, secret_url);
      const row = await this.found(id);
      await this.audited(actor, 'create', row, shownOf(row));
      return { ...channelView(row), secret };
    });
  }

  /** All of it but its kind. @throws ApiError VALIDATION_ERROR, NOT_FOUND, CONFLICT when another one has the name */
  async replace(actor: Who, id: string, given: ReplaceChannelDto): Promise<ChannelView> {
    return this.db.run(actor.tenant_id, async () => {
      const before = await this.found(id);
      const { settings, secret_url } = checkChannel(before.kind, given.settings, before.settings);
      const named = await this.channels.findByName(given.name);
      if (named !== null && named.id !== id) throw taken(given.name);
      await this.channels.replace(id, changeOf(actor, given, settings));
      if (secret_url !== undefined) await this.secrets.putUrl(id, secret_url);
      const row = await this.found(id);
      await this.audited(actor, 'replace', row, { ...shownOf(row), before: shownOf(before) });
      return channelView(row);
    });
  }

  /** With all that was sent by it. @throws ApiError NOT_FOUND */
  async remove(actor: Who, id: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      const row = await this.found(id);
      await this.channels.remove(id);
      await this.secrets.remove(id);
      await this.audited(actor, 'remove', row, { name: row.name });
    });
  }

  /** From now on a new secret signs, and for a day the one before as well. @throws ApiError NOT_FOUND, INVALID_STATE */
  async rotate(actor: Who, id: string): Promise<RotatedSecretView> {
    return this.db.run(actor.tenant_id, async () => {
      const row = await this.found(id);
      if (row.kind !== 'webhook') throw new ApiError('INVALID_STATE', 'Only webhooks are signed.');
      const rotated = await this.secrets.rotateWebhook(id);
      await this.audited(actor, 'rotate_secret', row, { name: row.name, previous_until: rotated.previous_until });
      return rotated;
    });
  }

  private async found(id: string): Promise<ChannelEntity> {
    const row = await this.channels.get(id);
    if (!row) throw notFound();
    return row;
  }

  private async audited(actor: Who, what: string, { id }: ChannelEntity, details: JsonObject): Promise<void> {
    const entry = { actor_id: actor.sub, action: `hitl_channel.${what}`, resource_type: 'hitl_channel' };
    await this.audit.append({ ...entry, resource_id: id, outcome: 'allowed', details });
  }
}

const changeOf = (
  actor: Who,
  { name, notices = [], workflows = [], min_privilege_level = 1, enabled = true }: Omit<ReplaceChannelDto, 'settings'>,
  settings: ChannelSettings,
): ChannelChange => ({ name, settings, notices, workflows, min_privilege_level, enabled, updated_by: actor.sub });

/** Where it leads, and of what it tells. */
const shownOf = ({
  name,
  kind,
  settings,
  notices,
  workflows,
  min_privilege_level,
  enabled,
}: ChannelEntity): JsonObject => ({
  ...{ name, kind, settings: { ...settings }, notices, workflows, min_privilege_level, enabled },
});

const taken = (name: string): ApiError => new ApiError('CONFLICT', `There is a channel called ${name}.`, { name });
