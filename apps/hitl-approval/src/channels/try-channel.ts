import { randomUUID } from 'node:crypto';
import { type Actor, ApiError } from '@aumos/agf-domain';
import { AuditRepository, ChannelsRepository, DeliveriesRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { deliveryView, type DeliveryView } from '../deliveries/delivery.view.js';
import { testMessage } from '../sending/message-of.js';

/** Sends something by a channel, on the way that notices go. */
@Injectable()
export class TryChannel {
  constructor(
    private readonly db: TenantDb,
    private readonly channels: ChannelsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE while it is disabled */
  async run(actor: Pick<Actor, 'tenant_id' | 'sub'>, channelId: string): Promise<DeliveryView> {
    return this.db.run(actor.tenant_id, async () => {
      const channel = await this.channels.get(channelId);
      if (!channel) throw notFound();
      if (!channel.enabled) throw new ApiError('INVALID_STATE', 'The channel is disabled.');
      const id = randomUUID();
      const message = testMessage(channel.name, new Date());
      await this.deliveries.add({
        id,
        channel_id: channelId,
        notice_id: null,
        approval_id: null,
        kind: 'test',
        message,
      });
      await this.audit.append({
        actor_id: actor.sub,
        action: 'hitl_channel.test',
        resource_type: 'hitl_channel',
        resource_id: channelId,
        outcome: 'allowed',
        details: { name: channel.name, delivery_id: id },
      });
      return deliveryView((await this.deliveries.get(id))!);
    });
  }
}
